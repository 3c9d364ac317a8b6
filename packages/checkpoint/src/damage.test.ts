import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from './checkpoint-error.ts';
import { decode } from './decode.ts';
import { encode } from './encode.ts';
import { outcome } from './testing/outcome.ts';
import { plainValues } from './testing/plain-values.ts';

const refused = expect.any(CheckpointError);
const sample = encode({
  step: 3,
  weights: { kernel: Float32Array.of(1, -2), mask: Uint8Array.of(1) },
  nan: Number.NaN,
});

describe('damage', () => {
  it('is noticed in every bit', () => {
    for (let bit = 0; bit < 8 * sample.length; bit++) {
      const flipped = sample.slice();
      flipped[bit >> 3]! ^= 1 << (bit & 7);
      expect(outcome(flipped), `bit ${bit}`).toEqual(refused);
    }
  });

  it('is noticed wherever the bytes end', () => {
    for (let length = 0; length < sample.length; length++) {
      expect(outcome(sample.subarray(0, length)), `after ${length}`).toEqual(refused);
    }
  });

  it('is noticed in any checkpoint, whichever byte changed, is lacking or too much', () => {
    fc.assert(
      fc.property(
        plainValues,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.integer({ min: 1, max: 255 }),
        (value, where, mask) => {
          const bytes = encode(value);
          const at = Math.floor(where * bytes.length);
          const changed = bytes.slice();
          changed[at]! ^= mask;
          expect(outcome(changed)).toEqual(refused);
          expect(outcome(bytes.subarray(0, at))).toEqual(refused);
          expect(outcome(Uint8Array.from([...bytes, mask]))).toEqual(refused);
        },
      ),
      { numRuns: 300 },
    );
  });

  it.each([
    ['nothing', new Uint8Array(), /^run\.safetensors is cut short after 0 bytes; take an earlier copy\.$/],
    ['a beginning', sample.subarray(0, 40), /^run\.safetensors is cut short after 40 bytes; take an earlier copy\.$/],
    [
      'all but the end',
      sample.subarray(0, -1),
      /^run\.safetensors is damaged or cut short: .*; take an earlier copy\.$/,
    ],
    ['another format', new Uint8Array(100), /^run\.safetensors is no flatmin-checkpoint; only files that .*\.$/],
    ["another's safetensors", new TextEncoder().encode('........{"a":{"dtype":"U8"}}'), / is no flatmin-checkpoint; /],
  ])('is told in one sentence: %s', (_, bytes, message) => {
    expect(() => decode(bytes, { name: 'run.safetensors' })).toThrow(message);
  });

  it('is of "The checkpoint" where the bytes have no name', () => {
    expect(() => decode(new Uint8Array())).toThrow(/^The checkpoint is cut short/);
  });
});

it('bytes of another kind are refused', () => {
  expect(() => decode(sample.buffer as unknown as Uint8Array)).toThrow(
    'decode takes a Uint8Array; make one of what you have.',
  );
});
