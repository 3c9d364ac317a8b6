import { type RunSettings, runLabel } from '../settings.ts';
import { stepsPerEpoch } from '../steps.ts';
import type { JobProgress } from './job.ts';
import type { Standing } from './run-queue.ts';

/** What is new about a run since it was last looked at, in lines. */
export function newsOf(settings: RunSettings, before: Standing | undefined, now: Standing): string[] {
  const label = runLabel(settings);
  if (now.state === 'training' && now.progress !== undefined) {
    const known = before?.state === 'training' ? before.progress : undefined;
    return ofTraining(settings, known, now.progress).map((news) => `${label}: ${news}`);
  }
  // So short that nothing was seen of it, or a worker that has not told anything yet: not worth a line.
  if (now.state === 'waiting' && before?.state === 'training') return [`${label}: waits for another worker`];
  return [];
}

function ofTraining(settings: RunSettings, known: JobProgress | undefined, progress: JobProgress): string[] {
  const { worker, from, epoch, unable } = progress;
  if (unable !== undefined) {
    return known?.unable === unable ? [] : [`${worker} cannot train it, and gives it back: ${unable}`];
  }
  if (known?.worker !== worker || known.from !== from || known.unable !== undefined) {
    return [`${worker} ${from === 0 ? 'trains it' : `goes on after step ${from}`}`];
  }
  return known.epoch === epoch ? [] : [`epoch ${known.epoch}/${settings.epochsAsked} done, on ${worker}`];
}

/** Where a run that is trained stands, in one line; undefined where it is not trained. */
export function trainingLine(settings: RunSettings, standing: Standing): string | undefined {
  if (standing.state !== 'training' || standing.progress === undefined) return undefined;
  const { worker, epoch, step, loss, accuracy } = standing.progress;
  const perEpoch = stepsPerEpoch(settings);
  const where = `epoch ${epoch}/${settings.epochsAsked}, step ${step - (epoch - 1) * perEpoch}/${perEpoch}`;
  const means = loss === null || accuracy === null ? '' : `, loss ${loss.toFixed(4)}, accuracy ${accuracy.toFixed(4)}`;
  return `${runLabel(settings)}: ${where}${means}, on ${worker}`;
}

/** How many there are of each kind, in one line. */
export function totalsLine(
  standings: readonly Standing[],
  { done, failed, workers }: { readonly done: number; readonly failed: number; readonly workers: number | undefined },
): string {
  const training = standings.filter(({ state }) => state === 'training').length;
  const parts = [
    `runs done: ${done}`,
    `in training: ${training}`,
    `waiting: ${standings.length - training}`,
    ...(failed > 0 ? [`failed: ${failed}`] : []),
    ...(workers === undefined ? [] : [`workers: ${workers}`]),
  ];
  return parts.join(', ');
}
