import type { Provenance } from '../provenance.ts';
import { described, type RunSettings, runName } from '../settings.ts';

/** What every key of the benchmark in Redis begins with. */
export const PREFIX = 'flatmin';

/** As long as no two runs of anyone's share one. */
const DIGITS = 16;

/** The code and the Node version that runs are trained by. */
export type Code = Pick<Provenance, 'commit' | 'node'>;

/**
 * The queue for runs of this code. Each code has its own: a run goes on from a checkpoint with the same only, and a
 * worker of another would train, or refuse, what was never meant for it. Changes beside the commit do not count.
 */
export function queueName({ commit, node }: Code): string {
  return `runs-${withoutChanges(commit)}-node-${node}`;
}

/** The code in words. */
export function codeInWords({ commit, node }: Code): string {
  return `commit ${withoutChanges(commit)}, Node ${node}`;
}

/** The job of a run: whoever asks for the same run, and however often, there is one. */
export function jobId(settings: RunSettings): string {
  return runName(described(settings), DIGITS);
}

function withoutChanges(commit: string): string {
  return commit.replace(/-dirty$/, '').slice(0, 12);
}
