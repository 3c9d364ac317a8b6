import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, test } from 'vitest';
import { useBackend } from '../backends.ts';
import { first, type LabelledImages, pieces, toBatch } from './images.ts';

beforeAll(() => useBackend('cpu'));

const images: LabelledImages = {
  shape: [1, 2, 1],
  classes: 3,
  pixels: Uint8Array.of(0, 51, 102, 153, 204, 255),
  labels: Uint8Array.of(2, 0, 1),
};

test('a batch holds the chosen images in their order, scaled to [0, 1], with one-hot labels', () => {
  tf.tidy(() => {
    const { xs, ys } = toBatch(images, Uint32Array.of(2, 0));
    expect(xs.shape).toEqual([2, 1, 2, 1]);
    expect([...xs.dataSync()]).toEqual([204 / 255, 1, 0, 51 / 255].map(Math.fround));
    expect(ys.arraySync()).toEqual([
      [0, 1, 0],
      [0, 0, 1],
    ]);
  });
});

test('pieces cover every position once and the last is the short one', () => {
  const all = [...pieces(Uint32Array.of(5, 4, 3, 2, 1), 2)].map((piece) => [...piece]);
  expect(all).toEqual([[5, 4], [3, 2], [1]]);
});

test('the first images of a subset are all of them where it holds fewer', () => {
  const subset = { of: images, indices: Uint32Array.of(2, 1, 0) };
  expect([...first(2, subset).indices]).toEqual([2, 1]);
  expect([...first(9, subset).indices]).toEqual([2, 1, 0]);
});
