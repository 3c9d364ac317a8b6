import { type Dtype, dtypeNamed, dtypeOf } from './dtypes.ts';
import { Malformed } from './malformed.ts';
import type { TypedArray } from './plain.ts';

/** What the header of a safetensors file says of one array, which stands flat in the file. */
export interface TensorEntry {
  readonly dtype: string;
  readonly shape: readonly [number];
  /** First byte and the one after the last, counted from the end of the header. */
  readonly data_offsets: readonly [number, number];
}

/** An array with its name and its place. */
export interface PlacedArray {
  readonly name: string;
  readonly array: TypedArray;
  readonly entry: TensorEntry;
}

/** Places arrays one after the other, wide elements first: so each is aligned and no byte is left between them. */
export function place(arrays: ReadonlyMap<string, TypedArray>): PlacedArray[] {
  const widest = [...arrays].sort(([, a], [, b]) => b.BYTES_PER_ELEMENT - a.BYTES_PER_ELEMENT);
  let end = 0;
  return widest.map(([name, array]) => {
    const begin = end;
    end += array.byteLength;
    return { name, array, entry: { dtype: dtypeOf(array)!.name, shape: [array.length], data_offsets: [begin, end] } };
  });
}

/**
 * The arrays of a file, copied out of its data when asked for by name, each once.
 *
 * @throws Malformed unless the entries cover the data from end to end, each byte once
 */
export function arraysIn(data: Uint8Array, entries: ReadonlyMap<string, unknown>): Map<string, () => TypedArray> {
  const spans = [...entries].map(([name, entry]) => ({ name, ...spanOf(entry) }));
  spans.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { begin, end } of spans) {
    if (begin !== covered) throw new Malformed('has arrays that overlap or leave a gap');
    covered = end;
  }
  if (covered !== data.length) throw new Malformed('has arrays that do not fill its data');
  return new Map(spans.map(({ name, begin, end, dtype }) => [name, () => new dtype.Array(copied(data, begin, end))]));
}

/** Where an entry's array stands; whether that is in the file remains to be seen. */
function spanOf(entry: unknown): { begin: number; end: number; dtype: Dtype } {
  const { dtype: name, shape, data_offsets } = (entry ?? {}) as Readonly<Record<string, unknown>>;
  const dtype = dtypeNamed(name);
  const [length] = naturals(shape, 1);
  const [begin, end] = naturals(data_offsets, 2);
  if (dtype === undefined || length === undefined || begin === undefined || end === undefined) {
    throw new Malformed('describes an array in a way that is not known');
  }
  if (end - begin !== length * dtype.size) throw new Malformed('has an array whose length and place disagree');
  return { begin, end, dtype };
}

function naturals(list: unknown, count: number): readonly number[] {
  const isNatural = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
  return Array.isArray(list) && list.length === count && list.every(isNatural) ? list : [];
}

/** Bytes in a buffer of their own, which a Node.js `Buffer` would not give. */
function copied(data: Uint8Array, begin: number, end: number): ArrayBuffer {
  const copy = new Uint8Array(end - begin);
  copy.set(data.subarray(begin, end));
  return copy.buffer;
}
