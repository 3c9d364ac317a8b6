import { expect, test } from 'vitest';
import { madeContext } from '../testing/data-files.ts';
import { madeStripes } from './made-stripes.ts';
import { sha256 } from './verify.ts';

test('made images are the same on every machine', async () => {
  const { train, test } = await madeStripes.load(madeContext());
  expect(train.labels.length).toBe(madeStripes.trainImages);
  expect(test.labels.length).toBe(madeStripes.testImages);
  expect(sha256(train.pixels)).toBe('9a079e10b719bd4ac89173167df7db50574857a26554cee213f90cd981af0027');
});
