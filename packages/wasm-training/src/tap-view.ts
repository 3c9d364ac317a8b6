import { type Geometry, reach, type Tap } from './geometry.ts';

/** Where an image is read, and where the part of it that a tap sees is written. */
export interface TapView {
  /** The image, `[rows.input, columns.input, unit]`, starts here. */
  readonly source: Float32Array;
  readonly sourceStart: number;
  /** What the tap sees, `[to - from, columns.output, unit]`, starts here. */
  readonly target: Float32Array;
  readonly targetStart: number;
  /** The numbers in a pixel. */
  readonly unit: number;
  /** The output rows `from <= y < to`. */
  readonly from: number;
  readonly to: number;
}

/** Copies the pixel that tap [i, j] of a filter sees from each output position, and zeros where it sees padding. */
export function copyTapView({ rows, columns }: Geometry, [i, j]: Tap, view: TapView): void {
  const { source, target, unit } = view;
  const y = reach(rows, i);
  const z = reach(columns, j);
  const rowSize = columns.output * unit;
  const count = z.end - z.start;
  for (let row = view.from; row < view.to; row++) {
    const start = view.targetStart + (row - view.from) * rowSize;
    if (row < y.start || row >= y.end || count === 0) {
      target.fill(0, start, start + rowSize);
      continue;
    }
    const inputRow = row * rows.stride + i - rows.padding;
    const inputColumn = z.start * columns.stride + j - columns.padding;
    const first = view.sourceStart + (inputRow * columns.input + inputColumn) * unit;
    target.fill(0, start, start + z.start * unit);
    if (columns.stride === 1) {
      target.set(source.subarray(first, first + count * unit), start + z.start * unit);
    } else {
      for (let n = 0; n < count; n++) {
        const from = first + n * columns.stride * unit;
        target.set(source.subarray(from, from + unit), start + (z.start + n) * unit);
      }
    }
    target.fill(0, start + z.end * unit, start + rowSize);
  }
}
