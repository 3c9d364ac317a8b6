import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from './checkpoint-error.ts';
import { seal } from './seal.ts';
import { outcome } from './testing/outcome.ts';

const refused = expect.any(CheckpointError);

/** A file with this header and data, whole as its checksum says. */
function sealed(header: string, data: readonly number[] = []): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = Uint8Array.from([...new Uint8Array(8), ...text, ...data]);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  seal(bytes);
  return bytes;
}

const header = (value: string, entries = '', version = '1'): string =>
  `{"__metadata__":{"format":"flatmin-checkpoint","version":"${version}","crc32":"00000000","value":${JSON.stringify(value)}}${entries}}`;
const tensor = (name: string, begin: number, end: number, length = end - begin, dtype = 'U8'): string =>
  `,"${name}":{"dtype":"${dtype}","shape":[${length}],"data_offsets":[${begin},${end}]}`;

describe('a file made to do harm', () => {
  const one = '{"$array":"a"}';
  const two = '[{"$array":"a"},{"$array":"b"}]';
  it.each([
    [
      'a later version',
      header('1', '', '12'),
      [],
      'has version 12 of the format, this reads 1; update @flatmin/checkpoint.',
    ],
    ['arrays that overlap', header(two, tensor('a', 0, 2) + tensor('b', 1, 3)), [1, 2, 3], 'overlap or leave a gap'],
    [
      'one array at two places',
      header('[{"$array":"a"},{"$array":"a"}]', tensor('a', 0, 1)),
      [1],
      'holds it at two places',
    ],
    ['a gap', header(two, tensor('a', 0, 1) + tensor('b', 2, 3)), [1, 2, 3], 'overlap or leave a gap'],
    ['more data than arrays', header(one, tensor('a', 0, 1)), [1, 2], 'do not fill its data'],
    ['an array beyond the end', header(one, tensor('a', 0, 2 ** 40)), [1], 'do not fill its data'],
    ['a length that is not its place', header(one, tensor('a', 0, 1, 2 ** 52)), [1], 'length and place disagree'],
    ['a negative length', header(one, tensor('a', 1, 0)), [], 'in a way that is not known'],
    ['a length that is no integer', header(one, tensor('a', 0, 0.5)), [], 'in a way that is not known'],
    [
      'a data type that is not known',
      header(one, tensor('a', 0, 1, 1, 'constructor')),
      [1],
      'in a way that is not known',
    ],
    ['an array that is null', header(one, ',"a":null'), [], 'in a way that is not known'],
    ['a missing array', header(one), [], 'lacks an array'],
    ['an array of a name from the prototype', header('{"$array":"__proto__"}'), [], 'lacks an array'],
    ['an unused array', header('1', tensor('a', 0, 1)), [1], 'holds an array at no place'],
    ['an unknown number', header('{"$number":"12"}'), [], 'holds a number of no known name'],
    ['an unknown mark', header('{"$code":"12"}'), [], 'holds a mark of no known meaning'],
    ['a deep nest', header('['.repeat(1e6) + ']'.repeat(1e6)), [], 'nests more than 200 deep'],
    [
      'a nest as a name',
      header(`{"$array":${'['.repeat(1e6) + ']'.repeat(1e6)}}`),
      [],
      'holds what no checkpoint holds',
    ],
    ['a value that is no JSON', header('{'), [], 'holds what no checkpoint holds'],
    ['a header that is no JSON', header('1').slice(0, -1), [], 'holds what no checkpoint holds'],
    ['no value', header('1').replace('"value"', '"other"'), [], 'holds what no checkpoint holds'],
  ])('with %s is refused', (_, text, data, message) => {
    const error = outcome(sealed(text, data));
    expect(error).toEqual(refused);
    expect(String(error)).toContain(message);
  });

  it('with a length of the header that cannot be is refused before anything is allocated', () => {
    for (const length of [2n ** 64n - 1n, 2n ** 40n, BigInt(header('1').length + 1)]) {
      const bytes = sealed(header('1'));
      new DataView(bytes.buffer).setBigUint64(0, length, true);
      seal(bytes);
      expect(outcome(bytes)).toMatchObject({
        message: expect.stringContaining('gives its header a length that cannot be'),
      });
    }
  });

  it('with anything in its header decodes or is refused, and leaves prototypes alone', () => {
    const keys = fc.constantFrom('__proto__', 'constructor', 'prototype', '$array', '$number', 'polluted', 'a');
    const json = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.jsonValue({ maxDepth: 0 }),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.array(fc.tuple(keys, tie('value')), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
      ),
    })).value;
    const known = Object.getOwnPropertyNames(Object.prototype);
    fc.assert(
      fc.property(json, fc.array(fc.tuple(keys, json), { maxLength: 2 }), (value, entries) => {
        const others = entries.map(([name, content]) => `,${JSON.stringify(name)}:${JSON.stringify(content)}`).join('');
        const result = outcome(sealed(header(JSON.stringify(value), others)));
        if (result instanceof Error) expect(result).toEqual(refused);
        expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(known);
      }),
      { numRuns: 500 },
    );
  });
});
