/** How weights and gradients travel: by memory that both sides see, or handed over and back. */
export type Memory = 'shared' | 'transferred';

/** Whether this program may have memory that threads share: browsers want the page to be cross-origin isolated. */
export function mayShare(): boolean {
  const { crossOriginIsolated } = globalThis as { readonly crossOriginIsolated?: boolean };
  return typeof SharedArrayBuffer !== 'undefined' && crossOriginIsolated !== false;
}

/**
 * The way to take.
 *
 * @throws RangeError for one that there is not, or not here
 */
export function chosenMemory(asked: 'auto' | Memory = 'auto'): Memory {
  if (!['auto', 'shared', 'transferred'].includes(asked)) {
    throw new RangeError(`parallel: memory is ${JSON.stringify(asked)}; give 'auto', 'shared' or 'transferred'.`);
  }
  if (asked === 'shared' && !mayShare()) {
    throw new RangeError(
      "parallel: memory is 'shared', which this page may not have; serve it with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or give 'auto'.",
    );
  }
  if (asked !== 'auto') return asked;
  return mayShare() ? 'shared' : 'transferred';
}

/** So many numbers, where this way of travelling wants them. */
export function numbers(memory: Memory, length: number): Float32Array {
  const bytes = Float32Array.BYTES_PER_ELEMENT * length;
  return memory === 'shared' ? new Float32Array(new SharedArrayBuffer(bytes)) : new Float32Array(length);
}

/** What is to be handed over with a message. */
export function handedOver(...arrays: readonly Float32Array[]): ArrayBuffer[] {
  return arrays.flatMap(({ buffer }) => (buffer instanceof ArrayBuffer ? [buffer] : []));
}
