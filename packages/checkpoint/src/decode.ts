import { CheckpointError } from './checkpoint-error.ts';
import { dtypeOf } from './dtypes.ts';
import { MAX_HEADER } from './encode.ts';
import { Malformed } from './malformed.ts';
import { type Outline, putTogether } from './outline.ts';
import type { Plain, TypedArray } from './plain.ts';
import { checkSeal } from './seal.ts';
import { arraysIn } from './tensors.ts';

/** What {@link decode} may be told. */
export interface DecodeOptions {
  /** What the message of an error calls the bytes: a file's path. Default: `The checkpoint`. */
  readonly name?: string;
}

/**
 * The value that {@link encode} made bytes of. Its arrays are copies: the bytes may change or go. Safe on bytes of any
 * origin.
 *
 * @throws CheckpointError when the bytes are cut short, changed, of a newer version, or no checkpoint at all
 * @example
 * const { step, weights } = decode(bytes);
 */
export function decode(bytes: Uint8Array, { name = 'The checkpoint' }: DecodeOptions = {}): Plain {
  if (dtypeOf(bytes)?.name !== 'U8') throw new CheckpointError('decode takes a Uint8Array; make one of what you have.');
  try {
    checkSeal(bytes);
    return valueIn(bytes);
  } catch (error) {
    const { message, remedy } = error instanceof Malformed ? error : new Malformed('holds what no checkpoint holds');
    throw new CheckpointError(`${name} ${message}; ${remedy}.`, { cause: error });
  }
}

function valueIn(bytes: Uint8Array): Plain {
  const start = 8 + headerLength(bytes);
  const header = parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(8, start)));
  const { __metadata__: metadata, ...entries } = header as Readonly<Record<string, Outline>>;
  const { value } = metadata as Readonly<Record<string, Outline>>;
  const arrays = arraysIn(bytes.subarray(start), new Map(Object.entries(entries)));
  const take = (name: Outline): TypedArray => {
    const array = arrays.get(String(name));
    if (array === undefined) throw new Malformed('lacks an array, or holds it at two places');
    arrays.delete(String(name));
    return array();
  };
  const whole = putTogether(parse(String(value)), take);
  if (arrays.size > 0) throw new Malformed('holds an array at no place');
  return whole;
}

function headerLength(bytes: Uint8Array): number {
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  if (length <= MAX_HEADER && length <= bytes.length - 8) return Number(length);
  throw new Malformed('gives its header a length that cannot be');
}

const parse = (text: string): Outline => JSON.parse(text);
