import { expect, test } from 'vitest';
import { madeContext } from '../../testing/data-files.ts';
import { madeStripes } from '../made-stripes.ts';
import { normalisedPixels } from '../pixels.ts';
import { type AugmentTask, augmentedPixels } from './augmented-pixels.ts';
import { blank, cutoutSide } from './cutout.ts';
import { drawsOf } from './draws.ts';
import { mirror } from './flip.ts';
import { crop } from './pad-crop.ts';

const { train } = await madeStripes.load(madeContext());
const SIZE = 64;
const indices = Uint32Array.from({ length: 40 }, (_, row) => (row * 37) % 1_000);
const augment = ['pad-crop', 'flip', 'cutout'];
const pixels = (more: Partial<AugmentTask> = {}) =>
  augmentedPixels({ images: train, indices, position: 0, epoch: 1, seed: 5, augment, ...more });

test('without a name of an augmentation images are what they are', () => {
  expect(pixels({ augment: [] })).toEqual(normalisedPixels(train, indices));
});

test('an image is cropped, then turned, then cut out, whatever order is asked for', () => {
  const image = normalisedPixels(train, Uint32Array.of(indices[3]!));
  const draws = (name: string) => drawsOf({ seed: 5, epoch: 1, position: 3 }, name);
  const [cropping, turning, cutting] = augment.map(draws);
  crop(image, train.shape, cropping!.integer(0, 8), cropping!.integer(0, 8));
  if (turning!.integer(0, 1) === 1) mirror(image, train.shape);
  blank(image, train.shape, cutting!.integer(0, 7), cutting!.integer(0, 7), cutoutSide(train.shape));
  for (const names of [augment, augment.toReversed()]) {
    expect(pixels({ augment: names }).subarray(3 * SIZE, 4 * SIZE)).toEqual(image);
  }
});

test('what becomes of an image does not depend on the batch it is in, nor on where the epoch goes on', () => {
  const later = pixels({ indices: indices.subarray(13, 20), position: 13 });
  expect(later).toEqual(pixels().subarray(13 * SIZE, 20 * SIZE));
});

test('another epoch and another seed make other images', () => {
  expect(pixels({ epoch: 2 })).not.toEqual(pixels());
  expect(pixels({ seed: 6 })).not.toEqual(pixels());
});

test('one augmentation less leaves the others as they were', () => {
  // Cutout is the last: where it has not blanked, nothing differs.
  const [uncut, cut] = [pixels({ augment: ['flip'] }), pixels({ augment: ['flip', 'cutout'] })];
  cut.forEach((value, place) => {
    if (value !== 0) expect(value).toBe(uncut[place]);
  });
});

test('the set itself stays as it is', () => {
  const before = train.pixels.slice();
  pixels();
  expect(train.pixels).toEqual(before);
});
