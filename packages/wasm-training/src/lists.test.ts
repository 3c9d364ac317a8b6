import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerTrainingKernels, unregisterTrainingKernels } from './index.ts';

async function use(simd: boolean): Promise<void> {
  registerTrainingKernels({ simd });
  await tf.setBackend('wasm');
}

const run = (kernel: string, inputs: readonly tf.Tensor[]): tf.Tensor[] =>
  [tf.engine().runKernel(kernel, inputs as unknown as tf.NamedTensorMap)].flat() as tf.Tensor[];

const float = fc.float({ noNaN: true, noDefaultInfinity: true });
const lists = (min: number) => fc.array(fc.array(float, { maxLength: 9 }), { minLength: min, maxLength: 12 });
const tensors = (values: readonly (readonly number[])[]): tf.Tensor[] => values.map((list) => tf.tensor1d([...list]));

const kinds = [
  { kind: 'in WebAssembly', simd: true },
  { kind: 'in JavaScript', simd: false },
];

describe.each(kinds)('the norm of a list, $kind,', ({ simd }) => {
  beforeAll(() => use(simd));
  afterAll(unregisterTrainingKernels);

  it('is √Σx² of all its tensors, for every number that float32 can write', () => {
    fc.assert(
      fc.property(lists(1), (values) => {
        tf.tidy(() => {
          const [found] = run('FlatminNorm', tensors(values))[0]!.dataSync();
          const wanted = Math.fround(Math.hypot(...values.flat()));
          if (Number.isFinite(wanted)) expect(Math.abs(found! - wanted)).toBeLessThanOrEqual(1e-7 * wanted);
          else expect(found).toBe(Number.POSITIVE_INFINITY);
        });
      }),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'is not finite where an element is %s',
    (bad) => {
      const inputs = [tf.tensor2d([[1, 2]]), tf.tensor1d([bad]), tf.scalar(3)];
      expect(run('FlatminNorm', inputs)[0]!.dataSync()[0]).not.toSatisfy(Number.isFinite);
    },
  );
});

describe.each(kinds)('the scaled sums of a list, $kind,', ({ simd }) => {
  beforeAll(() => use(simd));
  afterAll(unregisterTrainingKernels);

  it('are aᵢ + f·bᵢ with the product rounded first, bit for bit those of a product and a sum', () => {
    const pairs = fc.array(fc.array(fc.tuple(float, float), { maxLength: 9 }), { maxLength: 12 });
    fc.assert(
      fc.property(pairs, float, (values, factor) => {
        tf.tidy(() => {
          const [a, b] = [0, 1].map((side) => tensors(values.map((list) => list.map((pair) => pair[side]!)))) as [
            tf.Tensor[],
            tf.Tensor[],
          ];
          const f = tf.scalar(factor);
          const sums = run('FlatminAddScaled', [...a, ...b, f]);
          expect(sums).toHaveLength(a.length);
          sums.forEach((sum, k) => {
            expect(sum.dataSync()).toEqual(tf.add(a[k]!, tf.mul(b[k]!, f)).dataSync());
          });
        });
      }),
    );
  });

  it('have the shapes of their operands, which stay as they are', () => {
    const a = [tf.tensor2d([[1], [2]]), tf.scalar(3)];
    const b = [tf.tensor2d([[10], [20]]), tf.scalar(30)];
    const sums = run('FlatminAddScaled', [...a, ...b, tf.scalar(0.5)]);
    expect(sums.map((sum) => sum.arraySync())).toEqual([[[6], [12]], 18]);
    expect([...a, ...b].map((tensor) => tensor.arraySync())).toEqual([[[1], [2]], 3, [[10], [20]], 30]);
  });

  it('are right when the memory grows meanwhile', () => {
    const big = 2 ** 22;
    const [a, b] = [1, 2].map((value) => Array.from({ length: 24 }, () => tf.fill([big], value))) as [
      tf.Tensor[],
      tf.Tensor[],
    ];
    const sums = run('FlatminAddScaled', [...a, ...b, tf.scalar(3)]);
    for (const sum of sums) expect([sum.dataSync()[0], sum.dataSync()[big - 1]]).toEqual([7, 7]);
    tf.dispose([...a, ...b, ...sums]);
  });
});
