import { setImmediate } from 'node:timers/promises';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { pieces, type Subset, toBatch } from './data/images.ts';
import { evaluate } from './evaluate.ts';
import { crossEntropy, logitsOf, trainedWeights } from './models/model.ts';

/** The ρ that every row of a table is measured with, whatever the run was trained with. */
export const SHARPNESS_RHO = 0.05;

const BATCH = 100;

/**
 * How much the mean loss L over a subset grows at distance ρ along the gradient:
 * L(w + ρĝ) − L(w), with ĝ = g/‖g‖ and g = ∇L(w), all in inference mode. The sums run in double
 * precision. The weights are put back exactly. Zero where the gradient is zero.
 *
 * @throws the signal's reason once it is aborted; the weights are put back
 */
export async function sharpness(
  model: LayersModel,
  subset: Subset,
  signal: AbortSignal,
  rho: number = SHARPNESS_RHO,
): Promise<number> {
  const weights = trainedWeights(model);
  const gradient = await meanGradient(model, weights, subset, signal);
  const norm = Math.sqrt(gradient.reduce((sum, leaf) => leaf.reduce((s, g) => s + g * g, sum), 0));
  if (norm === 0) return 0;
  const before = await evaluate(model, subset, signal);
  const saved = weights.map((weight) => weight.clone());
  try {
    for (const [position, weight] of weights.entries()) shift(weight, gradient[position]!, rho / norm);
    const after = await evaluate(model, subset, signal);
    return after.loss - before.loss;
  } finally {
    for (const [position, weight] of weights.entries()) weight.assign(saved[position]!);
    tf.dispose(saved);
  }
}

/** ∇L(w) of the mean loss over the whole subset, one array a weight. */
async function meanGradient(
  model: LayersModel,
  weights: tf.Variable[],
  subset: Subset,
  signal: AbortSignal,
): Promise<Float64Array[]> {
  const total = weights.map((weight) => new Float64Array(weight.size));
  for (const indices of pieces(subset.indices, BATCH)) {
    await setImmediate();
    signal.throwIfAborted();
    const share = indices.length / subset.indices.length;
    tf.tidy(() => {
      const { xs, ys } = toBatch(subset.of, indices);
      const { grads } = tf.variableGrads(() => crossEntropy(ys, logitsOf(model, xs)), weights);
      for (const [position, weight] of weights.entries()) {
        const sum = total[position]!;
        for (const [i, g] of grads[weight.name]!.dataSync().entries()) sum[i]! += share * g;
      }
    });
  }
  return total;
}

/** w ← w + scale · direction */
function shift(weight: tf.Variable, direction: Float64Array, scale: number): void {
  tf.tidy(() => {
    const step = tf.tensor(
      Float32Array.from(direction, (value) => scale * value),
      weight.shape,
    );
    weight.assign(tf.add(weight, step));
  });
}
