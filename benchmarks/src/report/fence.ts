import { quantile } from 'd3-array';

/** Tukey's outer fence: what is below it is no part of the crowd, and on one axis with it would press the crowd together. */
export function outerFence(values: readonly number[]): number {
  const [low, high] = [quantile(values, 0.25), quantile(values, 0.75)];
  return low === undefined || high === undefined ? -Infinity : low - 3 * (high - low);
}
