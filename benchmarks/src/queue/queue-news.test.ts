import { expect, test } from 'vitest';
import { tinyRun } from '../testing/settings.ts';
import type { JobProgress } from './job.ts';
import { newsOf, totalsLine, trainingLine } from './queue-news.ts';
import type { Standing } from './run-queue.ts';

const at = (changes: Partial<JobProgress> = {}): Standing => ({
  state: 'training',
  progress: { worker: 'one', from: 0, epoch: 1, step: 2, loss: 0.5, accuracy: 0.75, ...changes },
});
const waiting: Standing = { state: 'waiting' };
const LABEL = 'sgd, learning rate 0.1, seed 1';

test.each<[string, Standing | undefined, Standing, string[]]>([
  ['a worker takes it', waiting, at(), [`${LABEL}: one trains it`]],
  ['it was taken before this command looked', undefined, at(), [`${LABEL}: one trains it`]],
  ['a step more is no news', at(), at({ step: 3 }), []],
  ['an epoch is over', at(), at({ epoch: 2, step: 4 }), [`${LABEL}: epoch 1/2 done, on one`]],
  ['its worker died', at(), waiting, [`${LABEL}: waits for another worker`]],
  ['another goes on', waiting, at({ worker: 'two', from: 2 }), [`${LABEL}: two goes on after step 2`]],
  [
    'so quickly that it was not seen waiting',
    at(),
    at({ worker: 'two', from: 2 }),
    [`${LABEL}: two goes on after step 2`],
  ],
  ['the same one goes on', at(), at({ from: 2 }), [`${LABEL}: one goes on after step 2`]],
  ['nothing is told yet', waiting, { state: 'training', progress: undefined }, []],
  ['it cannot', at(), at({ unable: 'no wasm' }), [`${LABEL}: one cannot train it, and gives it back: no wasm`]],
])('%s', (_, before, now, lines) => {
  expect(newsOf(tinyRun, before, now)).toEqual(lines);
});

test('the line of a run tells the step within its epoch', () => {
  expect(trainingLine(tinyRun, at({ epoch: 2, step: 5 }))).toBe(
    `${LABEL}: epoch 2/2, step 2/3, loss 0.5000, accuracy 0.7500, on one`,
  );
  expect(trainingLine(tinyRun, at({ loss: null }))).toBe(`${LABEL}: epoch 1/2, step 2/3, on one`);
  expect(trainingLine(tinyRun, waiting)).toBeUndefined();
});

test('the totals name failures only where there are some', () => {
  const standings = [at(), waiting, waiting];
  expect(totalsLine(standings, { done: 3, failed: 0, workers: 1 })).toBe(
    'runs done: 3, in training: 1, waiting: 2, workers: 1',
  );
  expect(totalsLine([], { done: 3, failed: 1, workers: undefined })).toBe(
    'runs done: 3, in training: 0, waiting: 0, failed: 1',
  );
});
