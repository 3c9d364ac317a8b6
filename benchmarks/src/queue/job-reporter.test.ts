import { expect, test } from 'vitest';
import { createProgress } from '../progress.ts';
import { tinyRun } from '../testing/settings.ts';
import { memoryStream } from '../testing/streams.ts';
import type { JobProgress } from './job.ts';
import { jobReporter } from './job-reporter.ts';
import type { News } from './messages.ts';

const step = (number: number): News => ({
  kind: 'step',
  event: { epoch: 1, step: number, loss: 9, lossSoFar: number / 10, accuracySoFar: 0.5 },
});

function reporter(update: (report: JobProgress) => Promise<void>) {
  const stream = memoryStream();
  const clock = { now: 0 };
  const tells = { worker: 'one', progress: createProgress(stream), update };
  return { ...jobReporter({ settings: tinyRun }, tells, () => clock.now), clock, said: stream.text };
}

test('the queue hears where the run began, and of its steps once a second', async () => {
  const sent: JobProgress[] = [];
  const { hear, clock, said } = reporter(async (report) => void sent.push(report));
  hear({ kind: 'begin', stepsDone: 2 });
  await new Promise(setImmediate);
  for (let number = 3; number <= 30; number++) {
    clock.now += 100;
    hear(step(number));
    await new Promise(setImmediate);
  }
  expect(sent.map(({ from, step, loss }) => [from, step, loss])).toEqual([
    [2, 2, null],
    [2, 12, 1.2],
    [2, 22, 2.2],
  ]);
  expect(said()).toContain('sgd, learning rate 0.1, seed 1: going on after step 2, steps an epoch: 3, epochs: 2\n');
});

test('while the server is away reports do not pile up', () => {
  let asked = 0;
  const { hear, clock } = reporter(() => {
    asked++;
    return new Promise(() => {});
  });
  hear({ kind: 'begin', stepsDone: 0 });
  for (let number = 1; number <= 5; number++) {
    clock.now += 5_000;
    hear(step(number));
  }
  expect(asked).toBe(1);
});

test('a report that is refused keeps no later one back', async () => {
  const sent: number[] = [];
  const { hear, clock } = reporter(async ({ step }) => {
    sent.push(step);
    throw new Error('OOM');
  });
  hear({ kind: 'begin', stepsDone: 0 });
  await new Promise(setImmediate);
  clock.now += 5_000;
  hear(step(1));
  expect(sent).toEqual([0, 1]);
});
