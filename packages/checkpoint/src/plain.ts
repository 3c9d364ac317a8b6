/** The arrays that a checkpoint holds, one for each data type of the file format that JavaScript has. */
export type TypedArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array;

/** A record of {@link Plain} values. */
export interface PlainRecord {
  /** Any name: an empty one, one with slashes, `__proto__`. */
  readonly [name: string]: Plain;
}

/** What a checkpoint holds: data that nests, without behaviour. */
export type Plain = null | boolean | number | string | TypedArray | readonly Plain[] | PlainRecord;
