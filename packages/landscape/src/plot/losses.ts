import { checkNumber } from '@flatmin/core';
import { extent } from 'd3-array';
import { linearScale, logScale, type Scale } from './scales.ts';

/** Options of figures that show losses. */
export interface LossOptions {
  /** The axis of the loss; the same for all panels and series. Default `linear`. */
  readonly scale?: 'linear' | 'log';
  /** Higher losses, and those that are not finite, are cut away; the figure says so. Default: nothing is. */
  readonly clip?: number;
  /** What the axis of the loss is called, with its unit. Default `Loss (nats)`. */
  readonly lossTitle?: string;
}

/** The names of these options. */
export const lossKeys = ['scale', 'clip', 'lossTitle'] as const;

/** The axis of the loss, and what is to be said about it. */
export interface LossAxis extends Scale {
  readonly title: string;
  /** Where it is cut; absent: nothing is higher. */
  readonly cut: number | undefined;
}

/** The one axis of the loss for everything in a figure. */
export function lossAxis(owner: string, losses: Iterable<number>, options: LossOptions, count = 5): LossAxis {
  const { scale = 'linear', clip, lossTitle = 'Loss (nats)' } = options;
  if (scale !== 'linear' && scale !== 'log')
    throw new RangeError(`${owner}: scale is ${JSON.stringify(scale)}; give 'linear' or 'log'.`);
  const all = [...losses];
  if (clip === undefined) checkFinite(owner, all);
  const [lowest, highest] = extent(all.filter((loss) => Number.isFinite(loss)));
  if (lowest === undefined || highest === undefined)
    throw new RangeError(`${owner}: of ${all.length} losses none is finite; measure nearer to the weights.`);
  if (scale === 'log' && lowest <= 0)
    throw new RangeError(
      `${owner}: a loss is ${lowest}, and a logarithm needs losses above 0; leave scale at 'linear'.`,
    );
  if (clip !== undefined) checkNumber(owner, 'clip', clip, { above: lowest });
  const cut = clip !== undefined && all.some((loss) => !(loss <= clip));
  const domain = [lowest, cut ? clip : highest] as const;
  const axis = scale === 'log' ? logScale(domain, count) : linearScale(...cutNicely(domain, count, cut));
  return { ...axis, title: lossTitle, cut: cut ? clip : undefined };
}

// An axis that is cut ends there; one that is not ends at round numbers.
function cutNicely(
  [from, to]: readonly [number, number],
  count: number,
  cut: boolean,
): [[number, number], number, boolean] {
  if (!cut) return [[from, to], count, true];
  return [[linearScale([from, to], count, true).domain[0], to], count, false];
}

function checkFinite(owner: string, losses: readonly number[]): void {
  const bad = losses.find((loss) => !Number.isFinite(loss));
  if (bad !== undefined)
    throw new RangeError(`${owner}: a loss is ${bad}; give clip, and what is higher or not finite is cut away.`);
}
