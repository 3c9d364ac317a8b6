import { expect, test } from 'vitest';
import { madeUpRun } from '../report/sample.ts';
import { comparable } from './comparable.ts';
import type { RunMeasures } from './results.ts';

const sharpness = (rho: number) => ({
  given: { rho, images: 2000 },
  value: { loss: 1, perturbedLoss: 2, sharpness: 1 },
});
const measured = (optimizer: string, rho: number, dataset = 'fashion-mnist'): RunMeasures => ({
  run: madeUpRun({ optimizer, dataset }),
  measured: { sharpness: sharpness(rho) },
});

test('measures with other options than those of the first run are left out, and counted', () => {
  const runs = [measured('sgd', 0.05), measured('sam', 0.5), measured('asam', 0.05)];
  expect(comparable({ runs })).toEqual({
    runs: [runs[0], { ...runs[1], measured: {} }, runs[2]],
    leftOut: 1,
  });
});

test('each task has options of its own', () => {
  const runs = [measured('sgd', 0.05), measured('sgd', 0.5, 'cifar-10')];
  expect(comparable({ runs })).toEqual({ runs, leftOut: 0 });
});
