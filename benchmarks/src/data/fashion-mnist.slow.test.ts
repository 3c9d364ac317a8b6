import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { madeContext } from '../testing/data-files.ts';
import { fashionMnist } from './fashion-mnist.ts';

const isCached = fashionMnist.files().every(({ path }) => existsSync(path));

test.runIf(isCached)('Fashion-MNIST from the cache has ten classes of equal size in both parts', async () => {
  const { train, test } = await fashionMnist.load(madeContext());
  const counts = (labels: Uint8Array) => Array.from({ length: 10 }, (_, k) => labels.filter((l) => l === k).length);
  expect(counts(train.labels)).toEqual(Array(10).fill(6_000));
  expect(counts(test.labels)).toEqual(Array(10).fill(1_000));
  expect(train.pixels.length).toBe(60_000 * 28 * 28);
  const mean = train.pixels.reduce((sum, pixel) => sum + pixel, 0) / train.pixels.length / 255;
  expect(mean).toBeCloseTo(0.286, 3);
});
