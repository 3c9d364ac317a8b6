import type { RunSummary } from '../results.ts';

/**
 * How the first run and each other compare, a sentence each (accuracy, sharpness, cost in gradients), and a warning.
 * Empty where there is nothing finished to compare.
 */
export function verdict(runs: readonly RunSummary[]): string[] {
  const [base, ...others] = runs;
  if (base === undefined || base.testAccuracy === null) return [];
  const sentences = others.flatMap((run) => (run.testAccuracy === null ? [] : [sentence(base, run)]));
  return sentences.length === 0 ? [] : [...sentences, ONE_SEED];
}

const ONE_SEED =
  'This is one seed: before trusting a small difference, see more with "flatmin-bench run --seeds 1,2,3".';

function sentence(base: RunSummary, run: RunSummary): string {
  const points = 100 * (run.testAccuracy! - base.testAccuracy!);
  const side = points < 0 ? 'below' : 'above';
  const accuracy = `${run.optimizer} ends ${Math.abs(points).toFixed(2)} points ${side} ${base.optimizer} in ${run.evaluatedOn} accuracy`;
  const cost = `${(run.gradientEvaluations / base.gradientEvaluations).toFixed(1)} times the gradients`;
  if (!base.sharpness || run.sharpness === null) return `${accuracy}, for ${cost}.`;
  return `${accuracy}, with ${(run.sharpness / base.sharpness).toFixed(2)} times the sharpness, for ${cost}.`;
}
