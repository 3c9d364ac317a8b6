import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LabelledImages } from './images.ts';
import { select } from './select.ts';

const images = (count: number): LabelledImages => ({
  shape: [1, 1, 1],
  classes: 2,
  pixels: new Uint8Array(count),
  labels: new Uint8Array(count),
});
const splits = { train: images(100), test: images(20) };

test('images held out for validation are never trained on', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 99 }), (limit, validation) => {
      fc.pre(limit + validation <= 100);
      const { train, held } = select(splits, limit, validation);
      expect(train.indices.length).toBe(limit);
      expect(held.indices.length).toBe(validation);
      expect(new Set([...train.indices, ...held.indices]).size).toBe(limit + validation);
    }),
  );
});

test('fewer images are a beginning of more, and both are judged by the same', () => {
  const few = select(splits, 10, 30);
  const many = select(splits, 70, 30);
  expect([...many.train.indices.subarray(0, 10)]).toEqual([...few.train.indices]);
  expect(many.held).toEqual(few.held);
});

test('the images are a mixture, not those the file begins with', () => {
  expect([...select(splits, 10, 0).train.indices]).not.toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('without validation the whole test set judges, with it the training set', () => {
  const test = select(splits, 10, 0);
  expect(test.evaluatedOn).toBe('test');
  expect(test.held.of).toBe(splits.test);
  expect(test.held.indices.length).toBe(20);
  const validation = select(splits, 10, 5);
  expect(validation.evaluatedOn).toBe('validation');
  expect(validation.held.of).toBe(splits.train);
});
