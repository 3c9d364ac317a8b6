import { expect, test } from 'vitest';
import { decodeRecords, encodeRecords, RECORD_BYTES } from './cifar-records.ts';

/** Two records: in the first a pixel's red, green and blue are told apart by 1, 2 and 3, its place by the rest. */
function twoRecords(): Uint8Array {
  const file = new Uint8Array(2 * RECORD_BYTES);
  file[0] = 7;
  for (let place = 0; place < 1024; place++) {
    for (let channel = 0; channel < 3; channel++) file[1 + channel * 1024 + place] = 4 * (place % 60) + channel + 1;
  }
  file[RECORD_BYTES] = 9;
  file[RECORD_BYTES + 1] = 200;
  file[2 * RECORD_BYTES - 1] = 255;
  return file;
}

test('planes of colours become pixels whose colours stand side by side', () => {
  const { pixels, labels } = decodeRecords([twoRecords()]);
  expect([...labels]).toEqual([7, 9]);
  expect([...pixels.subarray(0, 6)]).toEqual([1, 2, 3, 5, 6, 7]);
  // The pixel in row 1, column 2 is the 34th of its plane.
  expect([...pixels.subarray(34 * 3, 35 * 3)]).toEqual([137, 138, 139]);
  expect([...pixels.subarray(3072, 3075)]).toEqual([200, 0, 0]);
  expect(pixels.at(-1)).toBe(255);
});

test('images of several files follow each other', () => {
  const { pixels, labels } = decodeRecords([twoRecords().subarray(RECORD_BYTES), twoRecords()]);
  expect([...labels]).toEqual([9, 7, 9]);
  expect([pixels[0], pixels[3072], pixels[2 * 3072]]).toEqual([200, 1, 200]);
});

test('what is decoded and encoded again is the file', () => {
  expect(encodeRecords(decodeRecords([twoRecords()]))).toEqual(twoRecords());
});
