import { expect, test } from 'vitest';
import { normalisationText, normalisedPixels, type PixelImages } from './pixels.ts';

const images: PixelImages = { shape: [1, 2, 2], pixels: Uint8Array.of(0, 51, 102, 153, 204, 255, 1, 254) };
const normalisation = { means: [0.5, 0.25], deviations: [0.25, 2] };

test('without a normalisation each byte is what pixel / 255 is in single precision', () => {
  const pixels = Uint8Array.from({ length: 256 }, (_, pixel) => pixel);
  const grey = normalisedPixels({ shape: [16, 16, 1], pixels }, Uint32Array.of(0));
  expect(grey).toEqual(Float32Array.from(pixels, (pixel) => pixel / 255));
});

test('each channel has its own mean and deviation', () => {
  expect(normalisedPixels({ ...images, normalisation }, Uint32Array.of(1, 0))).toEqual(
    Float32Array.of(
      (204 / 255 - 0.5) / 0.25,
      (1 - 0.25) / 2,
      (1 / 255 - 0.5) / 0.25,
      (254 / 255 - 0.25) / 2,
      -2,
      (51 / 255 - 0.25) / 2,
      (102 / 255 - 0.5) / 0.25,
      (153 / 255 - 0.25) / 2,
    ),
  );
});

test('what networks see is told in words', () => {
  expect(normalisationText(undefined)).toBe('pixel / 255');
  expect(normalisationText(normalisation)).toBe(
    '(pixel / 255 − mean) / deviation, by channel: means 0.5 0.25, deviations 0.25 2',
  );
});
