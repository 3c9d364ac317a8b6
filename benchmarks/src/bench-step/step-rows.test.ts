import { expect, test } from 'vitest';
import { rowsOf, type Times } from './step-rows.ts';

const times = (engine: string, optimizer: string, step: number[], gradient: number[]): Times => ({
  contestant: { network: 'mlp-64', batch: 32, engine, optimizer },
  gradients: optimizer === 'sam' ? 2 : 1,
  step,
  gradient,
});

test('ratios compare what was timed in the same round, and beside them the fastest of each, in whatever rounds they were', () => {
  const [plain, sam] = rowsOf([
    times('wasm', 'plain', [12, 24, 36], [10, 20, 30]),
    times('wasm', 'sam', [90, 27, 72], [30, 10, 40]),
    times('tensorflow', 'sam', [9, 27, 36], [5, 5, 5]),
  ]);
  expect(plain).toMatchObject({ fastestMs: 12, medianMs: 24, ratioToPlain: 1, ratioToFloor: 1, rounds: 3 });
  expect(plain!.ratioToTensorflow).toBeNull();
  // The update takes 4 ms in the median round, 2 ms in the fastest.
  expect(sam).toMatchObject({ ratioToPlain: 2, ratioToFloor: 27 / 24, ratioToTensorflow: 2, ratioToPytorch: null });
  expect(sam!.ofFastest).toEqual({
    ratioToPlain: 27 / 12,
    ratioToFloor: 27 / 22,
    ratioToTensorflow: 3,
    ratioToPytorch: null,
  });
});

test('a step of another network or batch is none to compare with', () => {
  const other = times('wasm', 'plain', [1], [1]);
  const [, sam] = rowsOf([
    { ...other, contestant: { ...other.contestant, batch: 64 } },
    times('wasm', 'sam', [2], [1]),
  ]);
  expect(sam).toMatchObject({ ratioToPlain: null, ratioToFloor: null });
});
