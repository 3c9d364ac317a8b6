/** Anything with a sample after another in it: so many numbers each in a typed array, or one element each in an array. */
export interface Rows extends ArrayLike<unknown> {
  /** A copy of some of it. */
  slice(begin: number, end: number): unknown;
}

/**
 * Splits a batch into contiguous parts whose sizes differ by at most one sample: part i of m has the samples from ⌊i n/m⌋ to
 * ⌊(i + 1) n/m⌋ − 1. What lies in shared memory is not copied.
 *
 * @param batch typed arrays in a record: `{ xs, ys }`
 * @param samples n, how many samples there are
 * @param count m, how many parts
 * @throws RangeError for fewer samples than parts, or an array that does not hold as much of each sample
 * @example
 * ```ts
 * split({ xs: new Float32Array(64 * 784), labels: new Uint8Array(64) }, 64, 2); // two of 32 samples each
 * ```
 */
export function split<B extends Readonly<Record<string, Rows>>>(batch: B, samples: number, count: number): B[] {
  if (!Number.isInteger(samples) || samples < count) {
    throw new RangeError(`split: ${samples} samples cannot be split in ${count}; give at least ${count}.`);
  }
  for (const [name, rows] of Object.entries(batch)) {
    if (rows.length % samples === 0 && rows.length > 0) continue;
    throw new RangeError(
      `split: "${name}" has ${rows.length} elements for ${samples} samples; give as many for each sample.`,
    );
  }
  const partOf = (index: number): B => {
    const [begin, end] = [index, index + 1].map((i) => Math.floor((i * samples) / count)) as [number, number];
    const cut = (rows: Rows): Rows => {
      const size = rows.length / samples;
      return rowsOf(rows, begin * size, end * size);
    };
    return Object.fromEntries(Object.entries(batch).map(([name, rows]) => [name, cut(rows)])) as unknown as B;
  };
  return Array.from({ length: count }, (_, index) => partOf(index));
}

// A view of memory that is not shared would be sent with all that lies around it.
function rowsOf(rows: Rows, begin: number, end: number): Rows {
  const isShared =
    ArrayBuffer.isView(rows) && typeof SharedArrayBuffer !== 'undefined' && rows.buffer instanceof SharedArrayBuffer;
  return (isShared ? (rows as unknown as Float32Array).subarray(begin, end) : rows.slice(begin, end)) as Rows;
}
