import { CheckpointError } from './checkpoint-error.ts';
import { takeApart } from './outline.ts';
import type { Plain } from './plain.ts';
import { FORMAT, NO_CHECKSUM, seal, VERSION } from './seal.ts';
import { place } from './tensors.ts';

/** As long as readers of safetensors accept. */
export const MAX_HEADER = 100_000_000;

/**
 * Nested plain data with typed arrays as the bytes of one safetensors file: `decode(encode(value))` equals `value`,
 * bit for bit.
 *
 *     bytes = length of the header (8 bytes, little-endian) · header (JSON) · arrays
 *
 * The arrays stand in the file under their paths (`optimizer/m/kernel`), flat, so that other readers of safetensors
 * find them; all else is JSON in the header, sealed with a CRC-32.
 *
 * @throws CheckpointError naming the path of what a checkpoint cannot hold: undefined, functions, big integers, objects
 *   of a class (tensors, too), objects that contain themselves
 * @example
 * const bytes = encode({ step: 12, weights: { kernel: Float32Array.of(1, 2) } });
 * @see https://github.com/huggingface/safetensors#format
 */
export function encode(value: Plain): Uint8Array<ArrayBuffer> {
  const { outline, arrays } = takeApart(value);
  const placed = place(arrays);
  const metadata = { format: FORMAT, version: VERSION, crc32: NO_CHECKSUM, value: JSON.stringify(outline) };
  const header = headerOf([['__metadata__', metadata], ...placed.map(({ name, entry }) => [name, entry] as const)]);
  const start = 8 + header.length;
  const bytes = new Uint8Array(start + placed.reduce((sum, { array }) => sum + array.byteLength, 0));
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  for (const { array, entry } of placed) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), start + entry.data_offsets[0]);
  }
  seal(bytes);
  return bytes;
}

/** A header in this order, whatever the names: an object would put names of digits first. */
function headerOf(entries: readonly (readonly [name: string, content: object])[]): Uint8Array {
  const members = entries.map(([name, content]) => `${JSON.stringify(name)}:${JSON.stringify(content)}`);
  const header = new TextEncoder().encode(`{${members.join(',')}}`);
  const aligned = new Uint8Array(Math.ceil(header.length / 8) * 8).fill(' '.charCodeAt(0));
  aligned.set(header);
  if (aligned.length <= MAX_HEADER) return aligned;
  throw new CheckpointError(
    `The value has ${header.length} bytes besides its typed arrays, above the limit of ${MAX_HEADER}; keep long lists of numbers in typed arrays.`,
  );
}
