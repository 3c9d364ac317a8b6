import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { encode } from './encode.ts';
import { plainValues } from './testing/plain-values.ts';

/** As the description of safetensors says, without any of this package's code. */
function read(bytes: Buffer) {
  const start = 8 + Number(bytes.readBigUInt64LE());
  const { __metadata__: metadata, ...tensors } = JSON.parse(bytes.toString('utf8', 8, start));
  return { metadata, tensors: new Map<string, { data_offsets: [number, number] }>(Object.entries(tensors)), start };
}

it('arrays stand under their paths, flat, the widest elements first, all else in the metadata', () => {
  const bytes = Buffer.from(
    encode({ m: { kernel: Float32Array.of(1, 2), sum: Float64Array.of(3) }, mask: [Uint8Array.of(4)], step: 5 }),
  );
  const { metadata, tensors, start } = read(bytes);
  expect(Object.fromEntries(tensors)).toEqual({
    'm/sum': { dtype: 'F64', shape: [1], data_offsets: [0, 8] },
    'm/kernel': { dtype: 'F32', shape: [2], data_offsets: [8, 16] },
    'mask/0': { dtype: 'U8', shape: [1], data_offsets: [16, 17] },
  });
  expect(metadata).toMatchObject({ format: 'flatmin-checkpoint', version: '1' });
  expect(JSON.parse(metadata.value)).toEqual({
    m: { kernel: { $array: 'm/kernel' }, sum: { $array: 'm/sum' } },
    mask: [{ $array: 'mask/0' }],
    step: 5,
  });
  expect(bytes.readFloatLE(start + 12)).toBe(2);
});

it('the data is without gaps and aligned, and the metadata is of strings, whatever is kept', () => {
  fc.assert(
    fc.property(plainValues, (value) => {
      const bytes = Buffer.from(encode(value));
      const { metadata, tensors, start } = read(bytes);
      expect(start % 8).toBe(0);
      expect(Object.values(metadata).every((text) => typeof text === 'string')).toBe(true);
      const offsets = [...tensors.values()]
        .map((tensor) => tensor.data_offsets)
        .sort(([a, b], [c, d]) => a - c || b - d);
      expect([0, ...offsets.map(([, end]) => end)]).toEqual([...offsets.map(([begin]) => begin), bytes.length - start]);
    }),
  );
});

it('the checksum is the CRC-32 of zlib over all other bytes', () => {
  const bytes = Buffer.from(encode({ weights: Float32Array.from({ length: 100 }, (_, index) => index) }));
  const { crc32: digits } = read(bytes).metadata;
  const at = bytes.indexOf(digits);
  const rest = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 8)]);
  expect(digits).toBe(crc32(rest).toString(16).padStart(8, '0'));
});
