import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseIdx } from './idx.ts';

function idx(shape: readonly number[], content: Uint8Array): Buffer {
  const extents = Buffer.alloc(4 * shape.length);
  for (const [axis, extent] of shape.entries()) extents.writeUInt32BE(extent, 4 * axis);
  return Buffer.concat([Buffer.from([0, 0, 8, shape.length]), extents, content]);
}

test('an idx file gives back the shape and the content that were written, wherever its bytes lie', () => {
  const shapes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(shapes, fc.nat(9), (shape, offset) => {
      const size = shape.reduce((product, extent) => product * extent, 1);
      const content = Uint8Array.from({ length: size }, (_, index) => index % 251);
      const bytes = Buffer.concat([Buffer.alloc(offset, 7), idx(shape, content)]).subarray(offset);
      const parsed = parseIdx(bytes, 'made');
      expect(parsed.shape).toEqual(shape);
      expect([...parsed.content]).toEqual([...content]);
    }),
  );
});

test('extents above 65,535 are read as the big-endian numbers they are', () => {
  const parsed = parseIdx(idx([70_000], new Uint8Array(70_000)), 'made');
  expect(parsed.shape).toEqual([70_000]);
});

const good = idx([2, 3], new Uint8Array(6));
test.each([
  ['an empty file', Buffer.alloc(0), 'made is no idx file: it does not start with two zero bytes'],
  ['a gzip file', Buffer.from([0x1f, 0x8b, 8, 0, 0]), 'made is no idx file'],
  ['another type', Buffer.from([0, 0, 0x0d, 1, 0, 0, 0, 0]), 'made holds idx type 0x0d; only unsigned bytes'],
  ['half a header', good.subarray(0, 9), 'made ends inside its header: 9 bytes where 12 are needed'],
  ['too short content', good.subarray(0, -1), 'made is 17 bytes long; its header (2 × 3) asks for 18'],
  [
    'too long content',
    Buffer.concat([good, Buffer.from([0])]),
    'made is 19 bytes long; its header (2 × 3) asks for 18',
  ],
])('%s is refused', (_, bytes, message) => {
  expect(() => parseIdx(bytes, 'made')).toThrow(message);
});
