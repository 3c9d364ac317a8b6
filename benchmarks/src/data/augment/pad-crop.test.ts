import { expect, test } from 'vitest';
import { seededRandom } from '../../random.ts';
import { crop, PADDING, padCrop } from './pad-crop.ts';

const grid = (width: number, ...values: number[]): { image: Float32Array; shape: [number, number, number] } => ({
  image: Float32Array.from(values),
  shape: [values.length / width, width, 1],
});

test.each([
  ['nothing where the crop is the image', PADDING, PADDING, [1, 2, 3, 4, 5, 6]],
  ['down by one row where it begins one higher', PADDING - 1, PADDING, [0, 0, 0, 1, 2, 3]],
  ['up by one row where it begins one lower', PADDING + 1, PADDING, [4, 5, 6, 0, 0, 0]],
  ['right by one column where it begins one to the left', PADDING, PADDING - 1, [0, 1, 2, 0, 4, 5]],
  ['left by two columns where it begins two to the right', PADDING, PADDING + 2, [3, 0, 0, 6, 0, 0]],
  ['out of sight where all of it is padding', 0, 2 * PADDING, [0, 0, 0, 0, 0, 0]],
])('an image moves %s', (_, top, left, expected) => {
  const { image, shape } = grid(3, 1, 2, 3, 4, 5, 6);
  crop(image, shape, top, left);
  expect([...image]).toEqual(expected);
});

test('the colours of a pixel stay together', () => {
  const image = Float32Array.of(1, 2, 3, 4, 5, 6);
  crop(image, [1, 2, 3], PADDING, PADDING + 1);
  expect([...image]).toEqual([4, 5, 6, 0, 0, 0]);
});

test('each of the 81 crops comes as often as the others', () => {
  const random = seededRandom(1);
  const counts = new Map<number, number>();
  for (let draw = 0; draw < 8_100; draw++) {
    const image = new Float32Array(20 * 20);
    image[10 * 20 + 10] = 1; // where it comes to lie tells the crop
    padCrop.apply(image, [20, 20, 1], random);
    const place = image.indexOf(1);
    counts.set(place, (counts.get(place) ?? 0) + 1);
  }
  const places = [...counts.keys()];
  expect(places.length).toBe(81);
  expect([Math.min(...places), Math.max(...places)]).toEqual([6 * 20 + 6, 14 * 20 + 14]);
  const chiSquared = [...counts.values()].reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
  expect(chiSquared).toBeLessThan(125); // 80 degrees of freedom: above once in a thousand times
});
