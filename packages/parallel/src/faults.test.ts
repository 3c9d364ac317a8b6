import { sam } from '@flatmin/sam';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type DataParallel, type DataParallelOptions, dataParallel } from './data-parallel.ts';
import { openPool } from './pool.ts';
import { split } from './split.ts';
import type { Fault } from './testing/faults.ts';
import { opened, worker } from './testing/open.ts';
import { samples } from './testing/regression.ts';
import { WorkerError } from './worker-error.ts';

const open: DataParallel[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((training) => training.dispose()));
});
const variant = sam({ rho: 0.1 });
const training = async (options: Partial<DataParallelOptions> = {}): Promise<DataParallel> => {
  const made = await opened({ variant, ...options });
  open.push(made);
  return made;
};

const parts = fc.sample(samples(9), { numRuns: 6, seed: 1 }).map((batch) => split(batch, 9, 2));
const faulty = (at: number, fault: Fault) => parts[at]!.map((part, i) => (i === 1 ? { ...part, fault } : part));
const whole = 'weights and state are as before the step, and a new worker takes its place: do the step again';
const one = 'parallel: worker 1 (of 2, counted from 0)';

const faults: readonly (readonly [string, Fault, WorkerError['kind'], string])[] = [
  ['ends', { how: 'exit' }, 'ended', `${one} ended with exit code 3; ${whole}.`],
  ['ends in the second evaluation', { how: 'exit', late: true }, 'ended', `${one} ended with exit code 3; ${whole}.`],
  ['has an uncaught error', { how: 'uncaught' }, 'ended', `${one} ended with an error (nobody caught this); ${whole}.`],
  [
    'hangs',
    { how: 'hang', late: true },
    'silent',
    `${one} gave no answer within 1500 ms, and was ended; ${whole}, with a larger timeout if its evaluations take longer.`,
  ],
  ['throws', { how: 'throw' }, 'threw', `${one} failed in its evaluation: the data is bad`],
  ['throws late', { how: 'throw', late: true }, 'threw', `${one} failed in its evaluation: the data is bad`],
  ['throws a text', { how: 'throw-text' }, 'threw', `${one} failed in its evaluation: no error, but text`],
];

describe.each(['shared', 'transferred'] as const)('with %s memory', (memory) => {
  it.each(faults)(
    'a worker that %s fails the step, and the training goes on as if it had not been',
    async (_, fault, kind, message) => {
      const [hurt, sound] = await Promise.all([training({ memory, timeout: 1500 }), training({ memory })]);
      for (const at of [0, 1]) for (const each of [hurt, sound]) await each.step(parts[at]!);
      const [before, state] = [structuredClone(hurt.state()), hurt.weights];
      const error = await hurt.step(faulty(2, fault)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(WorkerError);
      expect(error).toMatchObject({ message, kind, worker: 1 });
      expect(hurt.state()).toEqual(before);
      expect(hurt.weights).toBe(state);
      for (const at of [2, 3, 4]) expect(await hurt.step(parts[at]!)).toEqual(await sound.step(parts[at]!));
      expect(hurt.state()).toEqual(sound.state());
    },
  );
});

it('with a local ascent the step waits for the other worker before it fails', async () => {
  const hurt = await training({ ascent: 'local' });
  await expect(hurt.step(faulty(0, { how: 'throw' }))).rejects.toThrow('the data is bad');
  const sound = await training({ ascent: 'local' });
  expect(await hurt.step(parts[1]!)).toEqual(await sound.step(parts[1]!));
});

it('both workers may end at once, step after step', async () => {
  const hurt = await training();
  const both = parts[0]!.map((part) => ({ ...part, fault: { how: 'exit' } }));
  for (let i = 0; i < 3; i++) await expect(hurt.step(both)).rejects.toThrow('ended with exit code 3');
  expect((await hurt.step(parts[0]!)).samples).toBe(9);
  expect(hurt.steps).toBe(1);
});

it('a step that is not finite is skipped where that is asked for, and statistics stay', async () => {
  const hurt = await training({ nonFinite: 'skip' });
  const bad = parts[0]!.map((part) => ({ ...part, ys: part.ys.map(() => Number.NaN) }));
  const before = hurt.state();
  expect(await hurt.step(bad)).toMatchObject({ skipped: 'the loss of evaluation 1 is not finite' });
  expect(hurt.state()).toEqual({ ...before, optimizer: { ...before.optimizer, skipped: 1 } });
});

describe('refused are', () => {
  it('another number of parts than workers, and no parts', async () => {
    const sound = await training();
    await expect(sound.step(parts[0]!.slice(1))).rejects.toThrow(
      'parallel: a step was given 1 parts for 2 workers; give an array of one part for each, as split makes it.',
    );
    await expect(sound.step(undefined as never)).rejects.toThrow('a step was given undefined for 2 workers');
  });

  it('a part that cannot be sent', async () => {
    const sound = await training();
    const error = sound.step([parts[0]![0], { xs: () => {} }]);
    await expect(error).rejects.toThrow(`${one} cannot be sent its part of the batch (`);
    await expect(error).rejects.toThrow('; give typed arrays, records and other plain data.');
    expect((await sound.step(parts[0]!)).samples).toBe(9);
  });

  it.each([
    ['no-gradient', 'evaluate returned no gradient; return one in the structure of the weights.'],
    ['short-gradient', 'the gradient that evaluate returned has 2 numbers at "kernel"; give a Float32Array of 3.'],
    ['extra-gradient', 'the gradient that evaluate returned has "more", which the weights have not; leave it out.'],
    ['no-samples', 'evaluate returned samples undefined; return how many samples the loss is the mean of.'],
    ['no-loss', 'evaluate returned the loss undefined; return a number.'],
  ] as const)('an answer with %s', async (how, message) => {
    const sound = await training();
    await expect(sound.step(faulty(0, { how }))).rejects.toThrow(`${one} failed in its evaluation: ${message}`);
    expect((await sound.step(parts[0]!)).samples).toBe(9);
  });

  it('the state of another model, and of another variant; all stays as it was', async () => {
    const sound = await training();
    const state = sound.state();
    expect(() => sound.restore({ ...state, weights: { kernel: new Float32Array(2) } })).toThrow(
      "parallel: the state is of a model with other weights or statistics than the workers'; restore one of the same model.",
    );
    expect(() => sound.restore({ ...state, optimizer: { ...state.optimizer, variant: 'asam' } })).toThrow('asam');
    expect(sound.state()).toEqual(state);
  });

  it.each([
    [{ workers: 0 }, 'parallel: workers is 0; give an integer of at least 1.'],
    [{ workers: 1.5 }, 'parallel: workers is 1.5; give an integer of at least 1.'],
    [
      { timeout: 0 },
      'parallel: timeout is 0; give a finite number of at least 1 and of at most 2147483647 or Infinity.',
    ],
    [{ memory: 'common' }, "parallel: memory is \"common\"; give 'auto', 'shared' or 'transferred'."],
    [
      { worker: 7 },
      'parallel: worker is 7; give the URL of the module that workers run, or a function that starts one.',
    ],
    [{ ascent: 'alone' }, "dataParallel: ascent is \"alone\"; give 'averaged' or 'local'."],
    [{ wokrers: 2 }, 'dataParallel: there is no option wokrers; the options are '],
  ])('the options %o', async (options, message) => {
    await expect(opened(options as never)).rejects.toThrow(message);
  });
});

describe('a pool does not open', () => {
  it('where a replica cannot be built', async () => {
    await expect(openPool({ worker, workers: 2, data: { refuse: 1 } })).rejects.toThrow(
      `${one} failed in its opening: there is no model`,
    );
  });

  it('where one is of another model', async () => {
    await expect(openPool({ worker, workers: 2, data: { other: 1 } })).rejects.toThrow(
      `${one} has other weights or statistics than worker 0; build the same model in all, whatever their index.`,
    );
  });

  it('where the module is not there', async () => {
    await expect(openPool({ worker: new URL('./nowhere.ts', import.meta.url), workers: 1 })).rejects.toThrow(
      /^parallel: worker 0 \(of 1, counted from 0\) ended with an error \(.*nowhere.*\) before it was open; see to its module and data\.$/,
    );
  });

  it('where the module does not serve', async () => {
    const idle = new URL('data:text/javascript,setInterval(() => {}, 1000)');
    await expect(openPool({ worker: idle, workers: 1, openTimeout: 300 })).rejects.toThrow(
      'did not open within 300 ms, and was ended; have its module call serve, or give a larger openTimeout.',
    );
  });
});

describe('a pool that is disposed of', () => {
  it('fails the step that runs, and the next, and keeps weights and state', async () => {
    const over = await training();
    await over.step(parts[0]!);
    const state = over.state();
    const running = expect(over.step(parts[1]!)).rejects.toThrow('parallel: the pool was disposed of; make another.');
    await over.dispose();
    await running;
    await expect(over.step(parts[1]!)).rejects.toThrow('parallel: the pool was disposed of; make another.');
    expect(over.state()).toEqual(state);
    await over.dispose();
  });

  it('refuses a second step while one runs', async () => {
    const busy = await training();
    const running = busy.step(parts[0]!);
    await expect(busy.step(parts[1]!)).rejects.toThrow('sam: a step is still running');
    expect((await running).samples).toBe(9);
  });
});

it('workers may be started by a function of their index', async () => {
  const { Worker } = await import('node:worker_threads');
  const asked: number[] = [];
  const made = await dataParallel({
    worker: (index) => {
      asked.push(index);
      return new Worker(worker);
    },
    workers: 2,
    base: (await import('@flatmin/core')).sgd({ learningRate: 0.1 }),
    variant,
  });
  open.push(made);
  expect((await made.step(parts[0]!)).samples).toBe(9);
  expect(asked).toEqual([0, 1]);
});
