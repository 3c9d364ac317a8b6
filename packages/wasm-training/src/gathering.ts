import * as tf from '@tensorflow/tfjs-core';
import type { Axis } from './geometry.ts';

/** How the gradient by the input is gathered along one axis. */
export interface Gathering {
  /** The taps of each phase. */
  readonly taps: number;
  /** The blocks of `stride` inputs that cover the input. */
  readonly blocks: number;
  /** The zeros to put before and after dy; where negative, the elements of dy to leave out. */
  readonly before: number;
  readonly after: number;
  /** The place of the first input in the first block. */
  readonly offset: number;
}

/**
 * Splits the gradient by the input along one axis into `stride` phases. With p + padding = u·stride + a,
 *
 *     dx[p] = Σ_t dy[u − t] · w[t·stride + a]
 *
 * so that every phase a is a plain convolution of dy with every stride-th tap of the filter.
 */
export function gatheringOf({ input, output, filter, stride, padding }: Axis): Gathering {
  const taps = Math.ceil(filter / stride);
  const firstBlock = Math.floor(padding / stride);
  const blocks = Math.ceil((padding + input) / stride) - firstBlock;
  const before = taps - 1 - firstBlock;
  return { taps, blocks, before, after: blocks + taps - 1 - output - before, offset: padding - firstBlock * stride };
}

/** dy without the elements that no input sees, and the zeros to put around it; nothing, if no input sees any. */
export function place(
  dy: tf.Tensor4D,
  rows: Gathering,
  columns: Gathering,
): { dy: tf.Tensor4D; pad: tf.backend_util.ExplicitPadding } | undefined {
  const [batch, height, width, channels] = dy.shape;
  const top = Math.max(0, -rows.before);
  const left = Math.max(0, -columns.before);
  const size: typeof dy.shape = [
    batch,
    height - top - Math.max(0, -rows.after),
    width - left - Math.max(0, -columns.after),
    channels,
  ];
  if (size[1] <= 0 || size[2] <= 0) return undefined;
  const pad: tf.backend_util.ExplicitPadding = [
    [0, 0],
    [Math.max(0, rows.before), Math.max(0, rows.after)],
    [Math.max(0, columns.before), Math.max(0, columns.after)],
    [0, 0],
  ];
  const whole = size[1] === height && size[2] === width;
  return { dy: whole ? dy : tf.slice(dy, [0, top, left, 0], size), pad };
}
