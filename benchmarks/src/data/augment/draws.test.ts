import { expect, test } from 'vitest';
import { type Drawn, drawsOf } from './draws.ts';

const first = (drawn: Partial<Drawn>, purpose = 'flip'): number =>
  drawsOf({ seed: 1, epoch: 1, position: 0, ...drawn }, purpose).integer(0, 1);

test('the same image of the same epoch and seed draws the same', () => {
  const twice = [1, 2].map(() => {
    const random = drawsOf({ seed: 3, epoch: 2, position: 40_000 }, 'pad-crop');
    return Array.from({ length: 5 }, () => random.integer(0, 8));
  });
  expect(twice[0]).toEqual(twice[1]);
});

test.each<readonly [string, (position: number) => number, (position: number) => number]>([
  ['neighbours in an epoch', (position) => first({ position }), (position) => first({ position: position + 1 })],
  ['an image in two epochs', (position) => first({ position }), (position) => first({ position, epoch: 2 })],
  ['an image under two seeds', (position) => first({ position }), (position) => first({ position, seed: 2 })],
  ['two purposes', (position) => first({ position }), (position) => first({ position }, 'cutout')],
])('%s draw the same in half of the cases', (_, one, other) => {
  let [same, ones] = [0, 0];
  for (let position = 0; position < 2_000; position++) {
    if (one(position) === other(position)) same++;
    ones += one(position);
  }
  expect(Math.abs(same - 1_000)).toBeLessThan(85); // 3.8 standard deviations
  expect(Math.abs(ones - 1_000)).toBeLessThan(85);
});
