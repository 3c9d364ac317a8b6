import {
  adam,
  float32,
  leaves,
  momentum,
  plain,
  sharded,
  sharpnessAware,
  type Variant,
  withDiagnostics,
} from '@flatmin/core';
import { sam } from '@flatmin/sam';
import { esam, mSam, sampa } from '@flatmin/zoo';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { DataParallel } from './data-parallel.ts';
import { split } from './split.ts';
import { opened } from './testing/open.ts';
import { inOneProcess, type Line, type Samples, samples, start } from './testing/regression.ts';

const open: DataParallel[] = [];
const pool = async (...options: Parameters<typeof opened>): Promise<DataParallel> => {
  const training = await opened(...options);
  open.push(training);
  return training;
};
afterAll(() => Promise.all(open.map((training) => training.dispose())));

const batches = (count: number, size: number): Samples[] => fc.sample(samples(size), { numRuns: count, seed: size });
const flat = (tree: Parameters<typeof leaves<Float32Array>>[0]): number[] =>
  leaves<Float32Array>(tree).flatMap((leaf) => [...leaf]);

/** As far apart as float32 rounds in some steps. */
function expectClose(got: readonly number[], wanted: readonly number[]): void {
  expect(got.length).toBe(wanted.length);
  for (const [i, x] of got.entries())
    expect(Math.abs(x - wanted[i]!), `${got} for ${wanted}`).toBeLessThan(2e-5 * (1 + Math.abs(wanted[i]!)));
}

/** Weights and losses of the same steps in one process. */
function alone(variant: Variant, data: readonly Samples[], base = momentum({ learningRate: 0.05 })) {
  const optimizer = sharpnessAware(base, variant, float32, {
    offers: ['shards', 'perSample', 'previousBatch'],
    seed: 3,
  });
  let weights: Line = start().weights;
  const losses = data.map((now, i) => {
    const result = optimizer.step(weights, inOneProcess(now, data[Math.max(0, i - 1)]!));
    weights = result.weights;
    return result.loss[0]!;
  });
  return { weights: flat(weights), losses };
}

async function together(training: DataParallel, data: readonly Samples[]) {
  const losses: number[] = [];
  for (const batch of data) losses.push((await training.step(split(batch, batch.ys.length, training.pool.size))).loss);
  return { weights: flat(training.weights), losses };
}

describe.each([1, 3])('%i workers', (workers) => {
  it('give the gradient of the whole batch, however unlike their parts are', async () => {
    const { pool: one } = await pool({ workers });
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: workers, max: 12 })
          .chain((n) =>
            fc.tuple(samples(n), fc.array(fc.nat(n - 1), { minLength: workers - 1, maxLength: workers - 1 })),
          ),
        async ([data, cuts]) => {
          // Parts of any sizes, of at least one sample.
          const ends = [...new Set([...cuts.map((cut) => Math.max(1, cut)), data.ys.length])].sort((a, b) => a - b);
          fc.pre(ends.length === workers);
          const assignments = ends.map((end, i) => {
            const begin = ends[i - 1] ?? 0;
            return {
              worker: i,
              seed: 0,
              first: true,
              part: { xs: data.xs.slice(3 * begin, 3 * end), ys: data.ys.slice(begin, end) },
            };
          });
          const { weights, statistics } = one;
          const { loss, gradient, samples: counts } = await one.evaluate(weights, statistics, assignments);
          const whole = inOneProcess(data, data)(weights as Line, { first: true });
          expect(counts.reduce((sum, count) => sum + count)).toBe(data.ys.length);
          expectClose([loss, ...flat(gradient)], [whole.loss as number, ...flat(whole.gradient)]);
        },
      ),
      { numRuns: 40 },
    );
  });

  it.each([
    ['no perturbation', plain()],
    ['SAM', sam({ rho: 0.1 })],
    ['ESAM, which asks for some of the samples', esam({ rho: 0.1, beta: 1 })],
    ['SAMPA, which asks for the batch before, and for two gradients at once', sampa({ rho: 0.1 })],
    ['SAM with diagnostics', withDiagnostics(sam({ rho: 0.1 }))],
  ])('take the steps of one process: %s', async (_, variant) => {
    const data = [...batches(4, 12), ...batches(3, 7)];
    const training = await pool({ workers, variant, seed: 3 });
    const [got, wanted] = [await together(training, data), alone(variant, data)];
    expectClose(got.losses, wanted.losses);
    expectClose(got.weights, wanted.weights);
  });

  it('with a local ascent take the steps of m-SAM in one process', async () => {
    const data = [...batches(3, 12), ...batches(3, 7)];
    const base = adam({ learningRate: 0.05 });
    const training = await pool({ workers, ascent: 'local', variant: sam({ rho: 0.1 }), base });
    const wanted = alone(sharded(sam({ rho: 0.1 }), workers), data, base);
    const got = await together(training, data);
    expectClose(got.weights, wanted.weights);
    expectClose(got.losses, wanted.losses);
    expect(training.gradientEvaluations).toBe(2 * workers * data.length);
  });
});

it('a local ascent and an averaged one differ', async () => {
  const data = batches(2, 12);
  const [local, averaged] = await Promise.all(
    (['local', 'averaged'] as const).map((ascent) => pool({ ascent, variant: sam({ rho: 0.5 }) })),
  );
  const [one, other] = [await together(local!, data), await together(averaged!, data)];
  expect(Math.max(...one.weights.map((w, i) => Math.abs(w - other.weights[i]!)))).toBeGreaterThan(1e-3);
});

it('a variant that takes the batch in as many parts as there are workers has them, and in others is refused', async () => {
  const data = batches(3, 12);
  const two = await pool({ variant: mSam({ rho: 0.1, shards: 2 }) });
  expectClose((await together(two, data)).weights, alone(mSam({ rho: 0.1, shards: 2 }), data).weights);
  const four = await pool({ variant: mSam({ rho: 0.1, shards: 4 }) });
  await expect(together(four, data)).rejects.toThrow(
    'parallel: the variant takes the batch in 4 parts, and there are 2 workers, with a part each; make it for 2 parts, or take 4 workers.',
  );
});

it('transferred memory gives the bits of shared memory', async () => {
  const data = batches(5, 9);
  const variant = sam({ rho: 0.1 });
  const [shared, transferred] = await Promise.all(
    (['shared', 'transferred'] as const).map((memory) => pool({ memory, variant })),
  );
  expect([shared!.pool.memory, transferred!.pool.memory]).toEqual(['shared', 'transferred']);
  expect(await together(transferred!, data)).toEqual(await together(shared!, data));
  expect(transferred!.statistics).toEqual(shared!.statistics);
});

it('statistics move once a step, by the mean over the samples', async () => {
  const training = await pool({ variant: sam({ rho: 0.1 }) });
  const parts: Samples[] = [
    { xs: new Float32Array(9), ys: Float32Array.of(1, 2, 3) },
    { xs: new Float32Array(3), ys: Float32Array.of(10) },
  ];
  await training.step(parts);
  const [moving, steps] = flat(training.statistics);
  expect(steps).toBe(1);
  expect(moving).toBeCloseTo((3 * 0.2 + 1) / 4, 6);
  await training.step(parts);
  expect(flat(training.statistics)[1]).toBe(2);
});

it('a training goes on in another pool from where its state was taken, bit for bit', async () => {
  const data = batches(6, 9);
  const options = { variant: sampa({ rho: 0.1 }) };
  const whole = await pool(options);
  await together(whole, data.slice(0, 3));
  const state = structuredClone(whole.state());
  const rest = await together(whole, data.slice(3));
  const later = await pool(options);
  later.restore(state);
  expect(await together(later, data.slice(3))).toEqual(rest);
  expect([later.steps, later.statistics]).toEqual([6, whole.statistics]);
});
