import type { Asked, LossAndGradient } from '@flatmin/core';
import fc from 'fast-check';
import type { Floats } from '../layout.ts';
import type { Task } from '../protocol.ts';
import type { EvaluatedPart } from '../serve.ts';
import { split } from '../split.ts';

/** Samples of a linear regression of three inputs: ℓᵢ(k, b) = (xᵢ·k + b − yᵢ)²/2. */
export type Samples = { readonly xs: Float32Array; readonly ys: Float32Array };

/** The regression's weights. */
export type Line = { readonly kernel: Float32Array; readonly bias: Float32Array };

const number = fc.integer({ min: -20, max: 20 }).map((n) => n / 8);

/** Batches of so many samples. */
export const samples = (count: number): fc.Arbitrary<Samples> =>
  fc.record({
    xs: fc.array(number, { minLength: 3 * count, maxLength: 3 * count }).map((x) => Float32Array.from(x)),
    ys: fc.array(number, { minLength: count, maxLength: count }).map((y) => Float32Array.from(y)),
  });

/** What every replica begins with. The statistics are a moving mean of the targets, β = 0.9, and a count of steps. */
export const start = (): { weights: Line; statistics: Floats } => ({
  weights: { kernel: Float32Array.of(0.5, -0.25, 1), bias: Float32Array.of(0.125) },
  statistics: { targets: [Float32Array.of(0), Float32Array.of(0)] },
});

/** Of all samples, or of those asked for: losses and the gradient of their mean. */
export function onSamples(
  weights: Line,
  { xs, ys }: Samples,
  chosen: readonly number[] = [...ys.keys()],
): EvaluatedPart {
  const [k1, k2, k3] = weights.kernel as unknown as [number, number, number];
  const gradient = [0, 0, 0, 0];
  const losses = chosen.map((i) => {
    const r = xs[3 * i]! * k1 + xs[3 * i + 1]! * k2 + xs[3 * i + 2]! * k3 + weights.bias[0]! - ys[i]!;
    for (let j = 0; j < 3; j++) gradient[j]! += (r * xs[3 * i + j]!) / chosen.length;
    gradient[3]! += r / chosen.length;
    return r ** 2 / 2;
  });
  return {
    loss: losses.reduce((sum, x) => sum + x, 0) / losses.length,
    gradient: { kernel: Float32Array.from(gradient.slice(0, 3)), bias: Float32Array.of(gradient[3]!) },
    samples: chosen.length,
    losses,
  };
}

const mean = (numbers: Float32Array): number => numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

/** A worker's evaluation. */
export function onPart(weights: Floats, statistics: Floats, part: Samples, task: Omit<Task, 'part'>): EvaluatedPart {
  const { losses, ...others } = onSamples(weights as Line, part, task.samples);
  const [moving, steps] = (statistics as { readonly targets: Float32Array[] }).targets as [Float32Array, Float32Array];
  const after = { targets: [Float32Array.of(0.9 * moving[0]! + 0.1 * mean(part.ys)), Float32Array.of(steps[0]! + 1)] };
  return { ...others, statistics: after, ...(task.losses && losses && { losses }) };
}

/** What core's optimizers are given for a step in one process, on one batch after another. */
export const inOneProcess =
  (now: Samples, previous: Samples) =>
  (weights: Line, { shard, samples: chosen, batch }: Asked): LossAndGradient<Float32Array, Line> => {
    const whole = batch === 'previous' ? previous : now;
    const data = shard === undefined ? whole : split(whole, whole.ys.length, shard.count)[shard.index]!;
    const { loss, gradient, losses } = onSamples(weights, data, chosen);
    return { loss, gradient: gradient as Line, ...(losses && { losses }) };
  };
