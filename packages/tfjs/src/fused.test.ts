import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tensors } from './index.ts';
import { use } from './testing/engines.ts';

const names = ['FlatminNorm', 'FlatminAddScaled'];
/** What the kernels were asked, by name and number of inputs. */
let asked: string[] = [];

// They answer with sevens, as no composition of other kernels would.
beforeEach(async () => {
  await use('cpu');
  asked = [];
  for (const kernelName of names) {
    const kernelFunc: tf.KernelFunc = ({ inputs }) => {
      const list = Object.values(inputs as tf.NamedTensorInfoMap) as tf.TensorInfo[];
      asked.push(`${kernelName} of ${list.length}`);
      if (kernelName === 'FlatminNorm') return tf.scalar(7);
      return list.slice(0, (list.length - 1) / 2).map(({ shape }) => tf.fill(shape, 7));
    };
    tf.registerKernel({ kernelName, backendName: 'cpu', kernelFunc });
  }
});

afterEach(() => {
  for (const name of names) tf.unregisterKernel(name, 'cpu');
});

const values = (all: readonly tf.Tensor[]): number[] => all.flatMap((one) => [...one.dataSync()]);

describe('where a backend has kernels over lists of tensors', () => {
  it('a norm is one launch, whose result outlives the tidy around the step', () => {
    const leaves = [tf.tensor1d([3, 4]), tf.scalar(1)];
    const norm = tf.tidy(() => {
      const found = tensors.norm(leaves);
      expect(asked).toEqual(['FlatminNorm of 2']);
      return [found];
    });
    expect(values(norm)).toEqual([7]);
  });

  it.each([2, 'scalar'])(
    'scaled sums are one launch, given the factor as %s, and leave nothing else behind',
    (kind) => {
      const [a, b] = [
        [tf.tensor1d([1, 2]), tf.scalar(3)],
        [tf.tensor1d([4, 5]), tf.scalar(6)],
      ];
      const factor = typeof kind === 'number' ? kind : tf.scalar(2);
      const before = tf.memory().numTensors;
      let sums: tf.Tensor[] = [];
      tf.tidy(() => {
        sums = tensors.addScaled!(a!, factor, b!);
      });
      expect(asked).toEqual(['FlatminAddScaled of 5']);
      expect(values(sums)).toEqual([7, 7, 7]);
      expect(tf.memory().numTensors).toBe(before + 2);
      tf.dispose([sums, tensors.addScaled!(a!, factor, b!)]); // with no tidy around
      expect(tf.memory().numTensors).toBe(before);
    },
  );

  it('a scalar that spreads and whole numbers are no matter of theirs', () => {
    const [vector, scalar] = [tf.tensor1d([1, 2]), tf.scalar(3)];
    expect(values(tensors.addScaled!([vector], 2, [scalar]))).toEqual([7, 8]);
    const whole = tf.tensor1d([3, 4], 'int32');
    expect(values(tensors.addScaled!([whole], 2, [whole]))).toEqual([9, 12]);
    expect(tensors.addScaled!([], 2, [])).toEqual([]);
    expect(values([tensors.norm([])])).toEqual([0]);
    expect(asked).toEqual([]);
  });
});
