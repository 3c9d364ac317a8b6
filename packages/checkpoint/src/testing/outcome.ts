import { decode } from '../decode.ts';

/** What decoding bytes comes to: the value, or the error. */
export function outcome(bytes: Uint8Array): unknown {
  try {
    return decode(bytes, { name: 'run.safetensors' });
  } catch (error) {
    return error;
  }
}
