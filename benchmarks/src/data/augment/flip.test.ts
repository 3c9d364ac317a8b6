import { expect, test } from 'vitest';
import { seededRandom } from '../../random.ts';
import { flip, mirror } from './flip.ts';

test('each row is turned round, and the colours of a pixel stay together', () => {
  const image = Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  mirror(image, [2, 3, 2]);
  expect([...image]).toEqual([5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8]);
});

test('half of the images are turned, the others stay', () => {
  const random = seededRandom(1);
  let turned = 0;
  for (let draw = 0; draw < 10_000; draw++) {
    const image = Float32Array.of(0, 1);
    flip.apply(image, [1, 2, 1], random);
    turned += image[0]!;
  }
  expect(Math.abs(turned - 5_000)).toBeLessThan(165); // 3.3 standard deviations
});
