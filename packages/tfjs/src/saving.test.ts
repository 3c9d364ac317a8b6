import { every, linear, type Variant } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bsam, gam, looksam, random, vasso } from '../../zoo/src/index.ts';
import type { OptimizerState } from './saved-state.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { engines, use } from './testing/engines.ts';
import { bases, batch, classifier, compiled, weightsOf } from './testing/problems.ts';
import { useVariants } from './use-variants.ts';
import { weightDecay } from './weight-decay.ts';
import type { WrappingOptimizer } from './wrapping-optimizer.ts';

const variants: readonly Variant[] = [
  sam(),
  vasso(),
  looksam({ k: 2 }),
  bsam({ samples: 320 }),
  random({ rho: linear({ from: 0.1, to: 0, steps: 5 }) }),
  every(2, gam()),
];

// Each has another kind of state: a tree, trees and a shift, none but a clock and draws.
const few = variants.filter(({ name }) => ['vasso', 'bsam', 'random'].includes(name));

/** Saves a model as a file would hold it, and loads it again. */
async function reloaded(model: tfl.LayersModel): Promise<tfl.Sequential> {
  let saved: tf.io.ModelArtifacts | undefined;
  const handler = tf.io.withSaveHandler(async (artifacts) => {
    saved = artifacts;
    return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
  });
  await model.save(handler, { includeOptimizer: true });
  const { weightData, ...rest } = saved!;
  const json = JSON.parse(JSON.stringify(rest)) as tf.io.ModelArtifacts;
  return (await tfl.loadLayersModel(tf.io.fromMemory({ ...json, weightData: weightData! }))) as tfl.Sequential;
}

describe.each(engines)('on %s', (engine) => {
  beforeAll(async () => {
    await use(engine);
    useVariants(sam, vasso, looksam, bsam, random, gam);
  });
  beforeEach(() => tf.disposeVariables());

  const go = async (model: tfl.LayersModel, from: number, to: number): Promise<void> => {
    for (let seed = from; seed < to; seed++) {
      const { xs, ys } = batch(seed);
      await model.trainOnBatch(xs, ys);
      tf.dispose([xs, ys]);
    }
  };
  const withNormalisation = (): tfl.Sequential => classifier([tfl.layers.batchNormalization()]);

  describe.each(bases)('%s', (_, base) => {
    it.each(variants)('goes on from a saved model with $name as if nothing had been, bit for bit', async (variant) => {
      const model = compiled(withNormalisation(), sharpnessAware(base(), variant, { seed: 3 }));
      await go(model, 0, 3);
      const again = await reloaded(model);
      await go(again, 3, 6);
      await go(model, 3, 6);
      expect(weightsOf(again)).toEqual(weightsOf(model));
      expect((again.optimizer as WrappingOptimizer).iterations).toBe(6);
    });

    it.each(few)('goes on from its state with $name, in an optimizer like it', async (variant) => {
      const loop = async (optimizer: WrappingOptimizer, w: tf.Variable, steps: number): Promise<number[]> => {
        for (let i = 0; i < steps; i++)
          optimizer.minimize(() => tf.sum(tf.square(tf.sub(tf.exp(w), tf.tensor1d([1, 2, 3])))) as tf.Scalar, false, [
            w,
          ]);
        return Array.from(await w.data());
      };
      const first = sharpnessAware(base(), variant);
      const w = tf.variable(tf.tensor1d([0.3, -0.2, 0.5]));
      const middle = await loop(first, w, 3);
      const state: OptimizerState = structuredClone(await first.state());
      const end = await loop(first, w, 3);

      const second = sharpnessAware(base(), variant, { seed: 9 });
      await second.restore(state);
      expect(second.steps).toBe(first.steps - 3);
      const other = tf.variable(tf.tensor1d(middle));
      expect(await loop(second, other, 3)).toEqual(end);
      // The state is the caller's still.
      await first.restore(state);
      w.assign(tf.tensor1d(middle));
      expect(await loop(first, w, 3)).toEqual(end);
    });
  });

  it('saves wrappers within wrappers, and learning rates set or scheduled', async () => {
    const base = weightDecay(tf.train.adam(0.01), { rate: 0.1, decoupled: true, exclude: /bias/ });
    const learningRate = linear({ from: 0.05, to: 0, steps: 10 });
    const model = compiled(withNormalisation(), sharpnessAware(base, vasso(), { learningRate, perturb: ['weight'] }));
    await go(model, 0, 3);
    const again = await reloaded(model);
    await go(again, 3, 6);
    await go(model, 3, 6);
    expect(weightsOf(again)).toEqual(weightsOf(model));

    const outer = compiled(
      classifier(),
      weightDecay(sharpnessAware(tf.train.momentum(0.1, 0.9), sam()), { rate: 0.1 }),
    );
    await go(outer, 0, 2);
    (outer.optimizer as WrappingOptimizer).learningRate = 0.03;
    const outerAgain = await reloaded(outer);
    expect((outerAgain.optimizer as WrappingOptimizer).learningRate).toBe(0.03);
    await go(outerAgain, 2, 4);
    await go(outer, 2, 4);
    expect(weightsOf(outerAgain)).toEqual(weightsOf(outer));
  });
});
