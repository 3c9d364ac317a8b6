import type { MetricsLine } from './results.ts';

/** A run leaves at most so many lines of steps: enough for any curve, and little enough to be committed. */
const MOST_STEPS = 500;

/** The lines of one run, of whose steps one line may stand for several, with their mean loss. */
export function thinned(lines: readonly MetricsLine[]): MetricsLine[] {
  const stride = Math.ceil(lines.filter(({ kind }) => kind === 'step').length / MOST_STEPS);
  const kept: MetricsLine[] = [];
  let losses: number[] = [];
  for (const line of lines) {
    if (line.kind !== 'step') kept.push(line);
    else if (losses.push(line.loss) === stride) {
      kept.push({ ...line, loss: losses.reduce((sum, loss) => sum + loss, 0) / stride });
      losses = [];
    }
  }
  return kept;
}
