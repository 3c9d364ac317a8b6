import type { Algebra } from '@flatmin/tree';
import { expect, test } from 'vitest';
import { checkEvaluation } from './check-evaluation.ts';

/** A leaf that is nothing but its shape. */
class Leaf {
  readonly shape: readonly number[];
  constructor(shape: readonly number[]) {
    this.shape = shape;
  }
}

const algebra = { shape: (leaf: Leaf) => leaf.shape } as Algebra<Leaf>;

const check = (weight: readonly number[], gradient: readonly number[]) => () =>
  checkEvaluation(
    'loss',
    algebra,
    { w: new Leaf(weight) },
    { loss: new Leaf([]), gradient: { w: new Leaf(gradient) } },
  );

test.each([
  [[2, 3], [2, 3], true],
  [[], [], true],
  [[2, 3], [2], false],
  [[2], [2, 1], false],
  [[2, 3], [3, 2], false],
  [[2], [], false],
])('for a weight of shape %j a gradient of shape %j is right: %s', (weight, gradient, right) => {
  if (right) expect(check(weight, gradient)).not.toThrow();
  else expect(check(weight, gradient)).toThrow('returned a gradient of shape');
});
