import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from './checkpoint-error.ts';
import { decode } from './decode.ts';
import { encode } from './encode.ts';
import type { Plain, PlainRecord } from './plain.ts';
import { exactly, plainValues } from './testing/plain-values.ts';

describe('what is decoded', () => {
  it('is what was encoded, to the bit, whatever it is', () => {
    fc.assert(
      fc.property(plainValues, (value) => {
        expect(exactly(decode(encode(value)))).toBe(exactly(value));
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the payload of NaN in arrays, and NaN, infinities and −0 among numbers', () => {
    const array = new Float32Array(Uint32Array.of(0x7fc12345, 0xff800001, 0x80000000).buffer);
    const value = { array, numbers: [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 5e-324] };
    expect(exactly(decode(encode(value)))).toBe(exactly(value));
  });

  it('has every array under its own name where paths or names clash', () => {
    const array = (value: number): Int8Array => Int8Array.of(value);
    const value = {
      a: { b: array(1) },
      'a/b': array(2),
      'a/b#2': array(3),
      __metadata__: array(4),
      value: array(5),
      $array: 'a/b',
      list: [{ $number: 'NaN' }, { $array: array(6) }],
    };
    expect(exactly(decode(encode(value)))).toBe(exactly(value));
  });

  it('has `__proto__` as a name like any other and no other prototype', () => {
    const decoded = decode(encode(JSON.parse('{"__proto__": {"polluted": true}}'))) as PlainRecord;
    expect(Object.keys(decoded)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(decoded)).toBe(Object.prototype);
    expect(({} as PlainRecord)['polluted']).toBeUndefined();
  });

  it('shares no memory with the bytes, which may start anywhere', () => {
    const encoded = encode(Float64Array.of(1, 2));
    const shifted = new Uint8Array(encoded.length + 3).subarray(3);
    shifted.set(encoded);
    const decoded = decode(shifted);
    shifted.fill(0);
    expect(decoded).toEqual(Float64Array.of(1, 2));
  });

  it("is a Uint8Array where a Node.js Buffer was, in Buffer's bytes, too", () => {
    const decoded = decode(Buffer.from(encode({ buffer: Buffer.from([1, 2]) })));
    expect(exactly(decoded)).toBe('{"buffer":Uint8Array<1,2>}');
  });
});

describe('encode refuses, in one sentence that names the path,', () => {
  const loop: Record<string, unknown> = {};
  loop['again'] = loop;
  const cases: readonly (readonly [title: string, value: unknown, message: string])[] = [
    ['undefined', { a: { b: undefined } }, '"a/b" is undefined; leave it out or use null.'],
    ['a hole in a list', { list: Array(1) }, '"list/0" is undefined; leave it out or use null.'],
    ['a function', [() => 1], '"0" is of type function, which a checkpoint cannot hold; '],
    ['a big integer', 1n, 'The value is of type bigint, which a checkpoint cannot hold; '],
    ['a symbol', { s: Symbol('s') }, '"s" is of type symbol, '],
    ['an object of a class', { model: new (class Tensor {})() }, '"model" is of type Tensor, '],
    ['a map', { m: new Map() }, '"m" is of type Map, '],
    ['a date', { d: new Date(0) }, '"d" is of type Date, '],
    ['a buffer without a type', { b: new ArrayBuffer(1) }, '"b" is of type ArrayBuffer, '],
    ['a view without a type', { v: new DataView(new ArrayBuffer(1)) }, '"v" is of type DataView, '],
    ['an array that the format lacks', { c: new Uint8ClampedArray(1) }, '"c" is of type Uint8ClampedArray, '],
    ['names that are symbols', { r: { [Symbol('s')]: 1 } }, '"r" is of type record with symbols as names, '],
    ['what contains itself', loop, '"again/again/again/again/…/again/again/again" is nested more than 200 deep; '],
  ];
  it.each(cases)('%s', (_, value, message) => {
    expect(() => encode(value as Plain)).toThrow(CheckpointError);
    expect(() => encode(value as Plain)).toThrow(message);
  });
});
