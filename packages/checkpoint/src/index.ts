export { CheckpointError } from './checkpoint-error.ts';
export { type DecodeOptions, decode } from './decode.ts';
export { encode } from './encode.ts';
export type { Plain, PlainRecord, TypedArray } from './plain.ts';
