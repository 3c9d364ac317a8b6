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
      const { train, held } = select(splits, { trainImages: limit, validation });
      expect(train.indices.length).toBe(limit);
      expect(held.indices.length).toBe(validation);
      expect(new Set([...train.indices, ...held.indices]).size).toBe(limit + validation);
    }),
  );
});

test('fewer images are a beginning of more, and both are judged by the same', () => {
  const few = select(splits, { trainImages: 10, validation: 30 });
  const many = select(splits, { trainImages: 70, validation: 30 });
  expect([...many.train.indices.subarray(0, 10)]).toEqual([...few.train.indices]);
  expect(many.held).toEqual(few.held);
});

test('the images are a mixture, not those the file begins with', () => {
  expect([...select(splits, { trainImages: 10, validation: 0 }).train.indices]).not.toEqual([
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
  ]);
});

test('without validation the whole test set judges, with it the training set', () => {
  const test = select(splits, { trainImages: 10, validation: 0 });
  expect(test.held.of).toBe(splits.test);
  expect(test.held.indices.length).toBe(20);
  const validation = select(splits, { trainImages: 10, validation: 5 });
  expect(validation.held.of).toBe(splits.train);
});

test('of a subset, images to train on are its first and those to judge on its last', () => {
  const order = [...select(splits, { trainImages: 100, validation: 0 }).train.indices];
  const { train, held } = select(splits, { trainImages: 24, validation: 6, subset: 30 });
  expect([...train.indices]).toEqual(order.slice(0, 24));
  expect([...held.indices]).toEqual(order.slice(24, 30));
});

test('label noise shuffles the labels of its share of the images trained on, and no others', () => {
  const many = {
    train: { ...images(5000), labels: Uint8Array.from({ length: 5000 }, (_, i) => i % 10) },
    test: images(5),
  };
  const asked = { trainImages: 2000, validation: 1000, labelNoise: 0.4 };
  const { train, held } = select(many, asked);
  const of = (labels: Uint8Array) => [...train.indices].map((index) => labels[index]!);
  const [noisy, clean] = [of(train.of.labels), of(many.train.labels)];
  const changed = noisy.filter((label, i) => label !== clean[i]).length;
  expect(changed).toBeGreaterThan(0.34 * 2000); // of the 800 drawn a tenth keeps its label by chance
  expect(changed).toBeLessThan(0.38 * 2000);
  expect(noisy.toSorted()).toEqual(clean.toSorted());
  expect(held.of).toBe(many.train);
  const touched = [...train.of.labels].filter((label, i) => label !== many.train.labels[i]).length;
  expect(touched).toBe(changed);
  expect(select(many, asked).train.of.labels).toEqual(train.of.labels);
  expect(select(many, { ...asked, labelNoise: 0 }).train.of).toBe(many.train);
});
