import type { Variant } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import { expect, test } from 'vitest';
import { noiseImages } from '../bench-step/noise-batch.ts';
import { openParallelStep } from './open-parallel-step.ts';

/** The losses of some steps. */
async function losses(workers: number, variant?: Variant): Promise<number[]> {
  const parallel = await openParallelStep({ network: 'linear', variant, images: noiseImages(9), workers });
  try {
    return [await parallel.step(), await parallel.step(), await parallel.step()];
  } finally {
    await parallel.dispose();
  }
}

test.each([
  ['momentum alone', undefined],
  ['SAM', sam()],
])('with %s two workers train as one does, and the loss falls', async (_, variant) => {
  const [one, two] = [await losses(1, variant), await losses(2, variant)];
  for (const [i, loss] of two.entries()) expect(loss).toBeCloseTo(one[i]!, 5);
  expect(two[2]).toBeLessThan(two[0]!);
});

test('the gradient alone is that of the next step, and counts for none', async () => {
  const parallel = await openParallelStep({
    network: 'linear',
    variant: sam(),
    images: noiseImages(9),
    workers: 2,
  });
  try {
    await parallel.step();
    const loss = await parallel.gradient();
    expect(await parallel.step()).toBe(loss);
    expect(parallel.gradients()).toBe(4);
  } finally {
    await parallel.dispose();
  }
});
