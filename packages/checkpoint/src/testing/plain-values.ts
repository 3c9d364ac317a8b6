import fc from 'fast-check';
import type { Plain, TypedArray } from '../plain.ts';

const arrayTypes = [
  Float32Array,
  Float64Array,
  Int8Array,
  Uint8Array,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  BigInt64Array,
  BigUint64Array,
];

/** Arrays of any bits, so of every NaN, too; some start in the middle of their buffer. */
const typedArrays: fc.Arbitrary<TypedArray> = fc
  .tuple(fc.constantFrom(...arrayTypes), fc.array(fc.nat(255), { maxLength: 48 }), fc.nat(1))
  .map(([Type, bytes, offset]) => {
    const size = Type.BYTES_PER_ELEMENT;
    const length = Math.floor(bytes.length / size);
    const buffer = new ArrayBuffer((length + offset) * size);
    new Uint8Array(buffer).set(bytes.slice(0, length * size), offset * size);
    return new Type(buffer, offset * size, length);
  });

/** Strings of any code units, so of halves of pairs, too. */
const strings = fc.array(fc.nat(0xffff), { maxLength: 6 }).map((units) => String.fromCharCode(...units));

const names = fc.oneof(
  strings,
  fc.constantFrom('', '0', '1', 'a', 'a/b', 'b', 'b#2', '$array', '$$number', '__metadata__', '__proto__', 'toString'),
);

/** Any value that a checkpoint holds. */
export const plainValues: fc.Arbitrary<Plain> = fc.letrec<{ value: Plain }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'small' },
    fc.oneof(fc.constant(null), fc.boolean(), fc.double(), fc.constant(-0), strings),
    typedArrays,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(names, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
})).value;

/** A text that two values share only if they are the same to the bit, and their arrays of the same type. */
export function exactly(value: Plain): string {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (ArrayBuffer.isView(value)) {
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
    return `${value.constructor.name}<${bytes.join()}>`;
  }
  if (isList(value)) return `[${value.map(exactly).join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{${Object.entries(value).map(([name, item]) => `${JSON.stringify(name)}:${exactly(item)}`)}}`;
}

const isList = (value: Plain): value is readonly Plain[] => Array.isArray(value);
