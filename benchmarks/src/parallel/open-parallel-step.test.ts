import { expect, test } from 'vitest';
import { noiseImages } from '../bench-step/step-task.ts';
import { openParallelStep } from './open-parallel-step.ts';

/** The losses of some steps. */
async function losses(workers: number, optimizer: string): Promise<number[]> {
  const parallel = await openParallelStep({ network: 'linear', optimizer, images: noiseImages(9), workers });
  try {
    return [await parallel.step(), await parallel.step(), await parallel.step()];
  } finally {
    await parallel.dispose();
  }
}

test.each(['sgd', 'sam'])('with %s two workers train as one does, and the loss falls', async (optimizer) => {
  const [one, two] = [await losses(1, optimizer), await losses(2, optimizer)];
  for (const [i, loss] of two.entries()) expect(loss).toBeCloseTo(one[i]!, 5);
  expect(two[2]).toBeLessThan(two[0]!);
});
