import type { TypedArray } from './plain.ts';

/** A data type of safetensors and the array that has it. */
export interface Dtype {
  readonly name: string;
  /** Bytes an element. */
  readonly size: number;
  readonly Array: new (buffer: ArrayBuffer) => TypedArray;
}

const dtypes: readonly Dtype[] = [
  { name: 'F64', size: 8, Array: Float64Array },
  { name: 'I64', size: 8, Array: BigInt64Array },
  { name: 'U64', size: 8, Array: BigUint64Array },
  { name: 'F32', size: 4, Array: Float32Array },
  { name: 'I32', size: 4, Array: Int32Array },
  { name: 'U32', size: 4, Array: Uint32Array },
  { name: 'I16', size: 2, Array: Int16Array },
  { name: 'U16', size: 2, Array: Uint16Array },
  { name: 'I8', size: 1, Array: Int8Array },
  { name: 'U8', size: 1, Array: Uint8Array },
];

/** The data type that a file calls so. */
export const dtypeNamed = (name: unknown): Dtype | undefined => dtypes.find((dtype) => dtype.name === name);

/** The data type of an array; of a Node.js `Buffer`, which is a `Uint8Array`, too. */
export const dtypeOf = (array: ArrayBufferView): Dtype | undefined =>
  dtypes.find((dtype) => dtype.Array.name === Object.prototype.toString.call(array).slice('[object '.length, -1));
