import { expect, test } from 'vitest';
import { createProgress, duration } from './progress.ts';
import { memoryStream } from './testing/streams.ts';

const shown = { label: 'sgd', epochs: 2, stepsPerEpoch: 10, stepsDone: 0 };
const epoch = {
  epoch: 1,
  step: 10,
  trainLoss: 1,
  trainAccuracy: 0.5,
  testLoss: 0.75,
  testAccuracy: 0.625,
  seconds: 20,
};

/** A run of 20 steps, 2 s each, with 6 s of evaluation between the epochs. */
function play(isTTY: boolean): string {
  const stream = memoryStream(isTTY);
  let seconds = 0;
  const progress = createProgress(stream, () => seconds * 1000);
  progress.begin(shown);
  for (let step = 1; step <= 20; step++) {
    seconds += 2;
    progress.step({ epoch: step <= 10 ? 1 : 2, step, loss: 9, lossSoFar: 1.5, accuracySoFar: 0.25 });
    if (step === 10) {
      seconds += 6;
      progress.epoch(epoch);
    }
  }
  progress.end();
  return stream.text();
}

test('away from a terminal there is a line every few seconds and at each epoch, with pace and time left', () => {
  const lines = play(false).trimEnd().split('\n');
  expect(lines).toEqual([
    'sgd: training, steps an epoch: 10, epochs: 2',
    'sgd: epoch 1/2, step 3/10, loss 1.5000, accuracy 0.2500, 0.5 steps/s, 34 s left',
    'sgd: epoch 1/2, step 6/10, loss 1.5000, accuracy 0.2500, 0.5 steps/s, 28 s left',
    'sgd: epoch 1/2, step 9/10, loss 1.5000, accuracy 0.2500, 0.5 steps/s, 22 s left',
    'sgd: epoch 1/2 in 20 s, training loss 1.0000, accuracy 0.5000; held-out loss 0.7500, accuracy 0.6250',
    'sgd: epoch 2/2, step 3/10, loss 1.5000, accuracy 0.2500, 0.5 steps/s, 14 s left',
    'sgd: epoch 2/2, step 6/10, loss 1.5000, accuracy 0.2500, 0.5 steps/s, 8 s left',
    'sgd: epoch 2/2, step 9/10, loss 1.5000, accuracy 0.2500, 0.5 steps/s, 2 s left',
  ]);
});

test('a run that goes on in the middle of an epoch has the pace of the steps that are shown', () => {
  const stream = memoryStream();
  let seconds = 0;
  const progress = createProgress(stream, () => seconds * 1000);
  progress.begin({ ...shown, stepsDone: 4 });
  seconds = 6;
  progress.step({ epoch: 1, step: 7, loss: 9, lossSoFar: 1.5, accuracySoFar: 0.25 });
  expect(stream.text().trimEnd().split('\n')).toEqual([
    'sgd: going on after step 4, steps an epoch: 10, epochs: 2',
    'sgd: epoch 1/2, step 7/10, loss 1.5000, accuracy 0.2500, 0.5 steps/s, 26 s left',
  ]);
});

test('on a terminal there is a bar with the same, and lines for the epochs', () => {
  const text = play(true);
  expect(text).toMatch(/epoch 1\/2 █*░+ step 1\/10 {2}loss 1\.5000, accuracy 0\.2500 {2}0\.5 steps\/s, 38 s left/);
  expect(text).toContain('sgd: epoch 1/2 in 20 s, training loss 1.0000');
});

test.each([
  [4.6, '5 s'],
  [59.7, '1:00 min'],
  [67, '1:07 min'],
  [7_530, '2:05 h'],
])('%d seconds are written as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
