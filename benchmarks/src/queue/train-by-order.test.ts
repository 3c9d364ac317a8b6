import { expect, test } from 'vitest';
import { runIn } from '../checkpoint/run-checkpoint.ts';
import { runOne } from '../run-one.ts';
import type { RunSettings } from '../settings.ts';
import { tinyContext, tinyRun } from '../testing/settings.ts';
import type { News } from './messages.ts';
import { OrderedTraining } from './train-by-order.ts';

const never = new AbortController().signal;

async function train(
  settings: RunSettings,
  { from, signal = never, onStep = () => {} }: { from?: Uint8Array; signal?: AbortSignal; onStep?: () => void } = {},
) {
  const news: News[] = [];
  const tell = async (told: News): Promise<void> => {
    news.push(told);
    if (told.kind === 'step') onStep();
  };
  const order = { kind: 'train', settings, from, place: 'the key', checkpointSeconds: 1e6 } as const;
  const ending = await new OrderedTraining().train(order, tell, signal);
  const bytes = news.flatMap((each) => (each.kind === 'checkpoint' ? [each.bytes] : [])).at(-1);
  return { ending, news, bytes };
}

test('a run by order ends with the weights of one without, and its last checkpoint has all of it', async () => {
  const { summary } = await runOne(tinyRun, await tinyContext(tinyRun));
  const { ending, bytes } = await train(tinyRun);
  expect(ending).toEqual({ kind: 'over', weightsDigest: summary.weightsDigest, diverged: false });
  expect(runIn(bytes!, '').summary?.weightsDigest).toBe(summary.weightsDigest);
});

test('a run that is stopped goes on elsewhere from its last checkpoint, to the same end', async () => {
  const stop = new AbortController();
  let steps = 0;
  const onStep = () => {
    steps++;
    if (steps === 4) stop.abort();
  };
  const stopped = await train(tinyRun, { signal: stop.signal, onStep });
  expect(stopped.ending).toEqual({ kind: 'stopped' });
  const { ending, news, bytes } = await train(tinyRun, { from: stopped.bytes! });
  expect(news[0]).toEqual({ kind: 'begin', stepsDone: 4 });
  expect(ending).toEqual((await train(tinyRun)).ending);

  const again = await train(tinyRun, { from: bytes! }); // its worker died before it could say so
  expect(again).toEqual({ ending, news: [], bytes: undefined });
});

test('a run that diverges is over', async () => {
  const { ending, bytes } = await train({ ...tinyRun, learningRate: 1e38 });
  expect(ending).toMatchObject({ kind: 'over', diverged: true });
  expect(runIn(bytes!, '').summary).toMatchObject({ diverged: true });
});

test.each<[string, Partial<RunSettings>, string]>([
  ['an optimizer', { optimizer: 'adam' }, 'the worker knows no optimizer "adam"; give it the code that the run was'],
  ['a data set', { dataset: 'mnist' }, 'the worker knows no data set "mnist"'],
  ['a network', { model: 'vgg' }, 'the worker knows no network "vgg"'],
  ['an augmentation', { augment: 'flip,rotate' }, 'the worker knows no augmentation "rotate"'],
  ['normalisation layers', { optimizer: 'sam-on' }, '--optimizers sam-on perturbs normalisation layers only'],
])('a run with %s that there is not fails with a sentence', async (_, changes, sentence) => {
  const { ending, news } = await train({ ...tinyRun, ...changes });
  expect(ending).toEqual({ kind: 'failed', reason: expect.stringContaining(sentence) });
  expect(news).toEqual([]);
});

test('a run that goes on from another one fails, and the sentence says what differs', async () => {
  const { bytes } = await train({ ...tinyRun, seed: 2 });
  const { ending } = await train(tinyRun, { from: bytes! });
  expect(ending).toEqual({
    kind: 'failed',
    reason:
      'the key keeps a run with --seed 2, and this one has --seed 1; train it by the code and the data that it was begun with, or delete that key',
  });
});

test('an engine that this machine lacks is its fault, and not the run’s', async () => {
  const { ending } = await train({ ...tinyRun, backend: 'webgl' });
  expect(ending).toMatchObject({ kind: 'unable', reason: expect.stringContaining('--backend webgl is not available') });
});
