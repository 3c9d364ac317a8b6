import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { madeContext } from '../testing/data-files.ts';
import { cifar10 } from './cifar-10.ts';

const isCached = cifar10.files().every(({ path }) => existsSync(path));

test.runIf(isCached)(
  'CIFAR-10 from the cache has classes of equal size, and the means and deviations told',
  async () => {
    const { train, test } = await cifar10.load(madeContext());
    const counts = (labels: Uint8Array) => Array.from({ length: 10 }, (_, k) => labels.filter((l) => l === k).length);
    expect(counts(train.labels)).toEqual(Array(10).fill(5_000));
    expect(counts(test.labels)).toEqual(Array(10).fill(1_000));
    for (let channel = 0; channel < 3; channel++) {
      const [mean, deviation] = moments(train.pixels, channel);
      expect(mean).toBeCloseTo(train.normalisation!.means[channel]!, 7);
      expect(deviation).toBeCloseTo(train.normalisation!.deviations[channel]!, 7);
    }
  },
);

function moments(pixels: Uint8Array, channel: number): [mean: number, deviation: number] {
  let [sum, squares] = [0, 0];
  for (let at = channel; at < pixels.length; at += 3) {
    sum += pixels[at]!;
    squares += pixels[at]! ** 2;
  }
  const [mean, square] = [(3 * sum) / pixels.length, (3 * squares) / pixels.length];
  return [mean / 255, Math.sqrt(square - mean ** 2) / 255];
}
