import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { availability, openEngine } from './index.ts';
import { registerNativeFused } from './native-fused.ts';
import type { Attribute, Output } from './native-operations.ts';

const FLOAT = 1;

/** A made-up addon: its tensors are lists of numbers, and it knows which of them are there. */
class MadeUp {
  readonly tensors = new Map<number, Float64Array | Float32Array>();
  readonly asked: string[] = [];
  readonly binding = {
    TF_ATTR_TYPE: 10,
    TF_ATTR_INT: 11,
    TF_ATTR_BOOL: 12,
    TF_FLOAT: FLOAT,
    executeOp: (name: string, attributes: readonly Attribute[], ids: readonly number[]): Output[] => {
      this.asked.push(name);
      const inputs = ids.map((id) => this.tensors.get(id)!);
      expect(inputs, `${name} of tensors that are there`).not.toContain(undefined);
      const value = (attribute: string) => attributes.find((one) => one.name === attribute)?.value;
      expect(value('N') ?? ids.length).toBe(ids.length);
      const wide = (value('T') ?? value('DstT')) !== FLOAT;
      return [this.#made((wide ? Float64Array : Float32Array).from(this.#values(name, inputs)))];
    },
    deleteTensor: (id: number) => {
      expect(this.tensors.delete(id), `tensor ${id} is there`).toBe(true);
    },
  };

  input(values: readonly number[], shape: readonly number[] = [values.length]): tf.TensorInfo {
    const { id } = this.#made(Float32Array.from(values));
    return { dataId: { id }, shape: [...shape], dtype: 'float32' };
  }

  run(kernel: string, inputs: readonly tf.TensorInfo[]): number[][] {
    const output: unknown = tf.getKernel(kernel, 'tensorflow')!.kernelFunc({
      inputs: inputs as unknown as tf.NamedTensorInfoMap,
      backend: {
        binding: this.binding,
        getInputTensorIds: (tensors: readonly tf.TensorInfo[]) =>
          tensors.map(({ dataId }) => Reflect.get(dataId, 'id')),
        createOutputTensor: ({ id }: Output) => id,
      },
    });
    return [output].flat().map((id) => [...this.tensors.get(id as number)!]);
  }

  #made(values: Float64Array | Float32Array): Output {
    const id = this.tensors.size === 0 ? 1 : Math.max(...this.tensors.keys()) + 1;
    this.tensors.set(id, values);
    return { id, shape: [], dtype: FLOAT };
  }

  #values(name: string, [x, y, ...others]: readonly ArrayLike<number>[]): number[] {
    const all = [x!, y!, ...others].filter((one) => one !== undefined).map((one) => Array.from(one));
    const pairs = (f: (a: number, b: number) => number): number[] =>
      all[0]!.map((a, k) => f(a, all[1]![all[1]!.length === 1 ? 0 : k]!));
    if (name === 'Mul') return pairs((a, b) => a * b);
    if (name === 'AddV2') return pairs((a, b) => a + b);
    if (name === 'AddN') return all[0]!.map((_, k) => all.reduce((sum, one) => sum + one[k]!, 0));
    if (name === 'L2Loss') return [all[0]!.reduce((sum, a) => sum + a * a, 0) / 2];
    if (name === 'Sqrt') return all[0]!.map(Math.sqrt);
    return all.flat(); // Pack, Cast
  }
}

describe('on a made-up addon', () => {
  beforeAll(registerNativeFused);

  test('the norm is that of all tensors together, and all that was made on the way is freed', () => {
    const number = fc.float({ noNaN: true, noDefaultInfinity: true, min: Math.fround(-1e30), max: Math.fround(1e30) });
    fc.assert(
      fc.property(fc.array(fc.array(number, { maxLength: 4 }), { minLength: 1, maxLength: 9 }), (lists) => {
        const addon = new MadeUp();
        const [[found]] = addon.run(
          'FlatminNorm',
          lists.map((list) => addon.input(list)),
        ) as [[number]];
        const expected = Math.fround(Math.hypot(...lists.flat()));
        expect(Math.abs(found - expected)).toBeLessThanOrEqual(expected * 1e-7);
        expect(addon.tensors.size).toBe(lists.length + 1);
      }),
    );
  });

  test('small tensors of one shape are joined, so that many leaves are few calls; large ones and other shapes are not', () => {
    const addon = new MadeUp();
    const small = [1, 2, 3].map(() => addon.input([1, 1], [2]));
    const large = [1, 2].map(() => addon.input([2], [2 ** 14 + 1]));
    addon.run('FlatminNorm', [...small, addon.input([1, 1], [2, 1]), ...large]);
    expect(addon.asked.filter((name) => name === 'Pack')).toHaveLength(1);
    expect(addon.asked.filter((name) => name === 'L2Loss')).toHaveLength(4);
  });

  test('each sum is aᵢ + f·bᵢ, and no product is left', () => {
    const addon = new MadeUp();
    const inputs = [[1, 2], [3], [10, 20], [30], [0.5]].map((values) => addon.input(values));
    expect(addon.run('FlatminAddScaled', inputs)).toEqual([[6, 12], [18]]);
    expect(addon.tensors.size).toBe(inputs.length + 2);
  });
});

const [native] = (await availability()).filter(({ name }) => name === 'tensorflow');

describe.runIf(native!.available)('on the native addon', () => {
  beforeAll(() => openEngine('tensorflow'));

  const run = (kernel: string, inputs: tf.Tensor[]) =>
    [tf.engine().runKernel(kernel, inputs as unknown as tf.NamedTensorMap)].flat() as tf.Tensor[];

  test('the norm is right where squares cannot be written, and not finite where an element is not', () => {
    for (const unit of [1e-37, 1e-30, 1, 1e30]) {
      const inputs = [tf.tensor1d([3 * unit, 0]), tf.tensor1d([0, 4 * unit]), tf.scalar(0), tf.tensor1d([])];
      const expected = Math.hypot(Math.fround(3 * unit), Math.fround(4 * unit));
      expect(run('FlatminNorm', inputs)[0]!.dataSync()[0]! / expected).toBeCloseTo(1, 6);
    }
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(run('FlatminNorm', [tf.tensor1d([1, bad])])[0]!.dataSync()[0]).not.toSatisfy(Number.isFinite);
    }
  });

  test('the sums are those of a product and a sum of TensorFlow.js, bit for bit, and no tensor is left', () => {
    const [a, b] = [0, 1].map((seed) => [
      tf.randomNormal([33, 7], 0, 1, 'float32', seed + 1),
      tf.randomNormal([5], 0, 1, 'float32', seed + 3),
      tf.scalar(seed),
    ]) as [tf.Tensor[], tf.Tensor[]];
    const factor = tf.scalar(0.1);
    const before = tf.memory().numTensors;
    const sums = run('FlatminAddScaled', [...a, ...b, factor]);
    expect(tf.memory().numTensors).toBe(before + sums.length);
    sums.forEach((sum, k) => {
      expect(sum.shape).toEqual(a[k]!.shape);
      expect(sum.dataSync()).toEqual(tf.add(a[k]!, tf.mul(b[k]!, factor)).dataSync());
    });
  });
});
