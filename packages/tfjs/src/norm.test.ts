import { treeMath } from '@flatmin/tree';
import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { tensors } from './index.ts';
import { engines, use } from './testing/engines.ts';

const number = (t: tf.Tensor): number => t.dataSync()[0]!;
const relative = (got: number, wanted: number): number => Math.abs(got - wanted) / Math.abs(wanted);

describe.each(engines)('the tensor algebra on %s', (engine) => {
  beforeEach(() => use(engine));
  const math = treeMath(tensors);

  it('gives the norm and the sum of 1e7 elements to 1e-6', () => {
    const values = new Float32Array(1e7);
    let [squares, total] = [0, 0];
    for (let i = 0; i < values.length; i++) {
      const x = Math.fround(0.5 + 0.5 * Math.sin(i));
      values[i] = x;
      squares += x * x;
      total += x;
    }
    const leaf = tf.tensor1d(values);
    expect(relative(number(tensors.norm([leaf])), Math.sqrt(squares))).toBeLessThan(1e-6);
    expect(relative(number(tensors.sum([leaf])), total)).toBeLessThan(1e-6);
    leaf.dispose();
  });

  it('is right at 1e-30 and at 1e30, over leaves of different shapes', () => {
    for (const unit of [1e-30, 1, 1e30]) {
      const tree = {
        kernel: tf.tensor2d([
          [2 * unit, 0],
          [0, -4 * unit],
        ]),
        bias: tf.scalar(4 * unit),
        none: tf.tensor1d([]),
      };
      expect(relative(number(math.norm(tree)), 6 * unit)).toBeLessThan(1e-6);
      expect(relative(number(math.peak(tree)), 4 * unit)).toBeLessThan(1e-6);
      expect(relative(number(math.norm(math.ofLength(0.05, tree))), 0.05)).toBeLessThan(1e-6);
    }
  });

  it('takes a zero tree to zeros and never hides an element that is not finite', () => {
    const zero = { a: tf.zeros([2, 2]), b: tf.scalar(0) };
    expect(Array.from(math.ofLength(1, zero).a.dataSync())).toEqual([0, 0, 0, 0]);
    expect(number(math.norm(zero))).toBe(0);
    expect(number(math.norm(tf.scalar(-3)))).toBe(3);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
      expect(number(math.norm([tf.tensor1d([1, bad, 2]), tf.scalar(1)]))).not.toSatisfy(Number.isFinite);
    }
  });

  it('has the remaining leaf operations of an algebra', () => {
    const a = tf.tensor1d([-2, 0, 4]);
    const values = (t: tf.Tensor): number[] => Array.from(t.dataSync());
    expect(values(tensors.sign(a))).toEqual([-1, 0, 1]);
    expect(values(tensors.sign(tf.tensor1d([-1e-3, 1e-6, 1e-30, -1e-37])))).toEqual([-1, 1, 1, -1]);
    expect(values(tensors.pow(tensors.abs(a), 0))).toEqual([1, 1, 1]);
    expect(values(tensors.sqrt(tensors.abs(tensors.full(a, -9))))).toEqual([3, 3, 3]);
    expect(values(tensors.guard(tf.scalar(Number.POSITIVE_INFINITY), a))).toEqual([0, 0, 0]);
    expect(values(tensors.guard(tf.scalar(1), a))).toEqual([-2, 0, 4]);
    for (const seed of [0, 3]) expect(values(tensors.normal(a, seed))).toEqual(values(tensors.normal(a, seed)));
    expect(number(tensors.sum([])) + number(tensors.norm([]))).toBe(0);
  });

  it('gives results that outlive a tidy, each a tensor of its own, and leaves nothing else', () => {
    const { add, sub, mul, div, sqrt, abs, sign, pow, sum, peak, norm, guard, full, scalar, normal, share } = tensors;
    const [a, one] = [tf.tensor2d([[1, 2]]), tf.scalar(1)];
    const operations = [
      ...[add, sub, mul, div].map((f) => () => f(a, one)),
      ...[sqrt, abs, sign, share].map((f) => () => f(a)),
      ...[sum, peak, norm].flatMap((f) => [() => f([a, a]), () => f([one]), () => f([])]),
      ...[() => pow(a, 2), () => guard(one, a), () => full(a, 3), () => scalar(3), () => normal(a, 1)],
    ];
    for (const [i, operation] of operations.entries()) {
      const { numTensors } = tf.memory();
      let result: tf.Tensor | undefined;
      tf.tidy(() => {
        result = operation();
      });
      expect([i, tf.memory().numTensors]).toEqual([i, numTensors + 1]);
      result!.dispose();
      expect([i, tf.memory().numTensors, a.isDisposed || one.isDisposed]).toEqual([i, numTensors, false]);
    }
  });
});
