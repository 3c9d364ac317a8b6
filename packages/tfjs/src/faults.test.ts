import { define, evaluate, every, treeOf, type Variant } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { cases } from '../../tree/src/testing/cases.ts';
import { type SharpnessAwareOptimizer, sharpnessAware, weightDecay } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { disposesOfTheBatch, type Fault, fatal, harmless, notFinite, type World } from './testing/faults.ts';
import { memory } from './testing/memory.ts';

/** State that is the direction too, and a shift. */
const hoarder = (): Variant =>
  define({
    name: 'hoarder',
    state: { last: treeOf(0) },
    *step({ math: { add, ofLength, scale }, weights: w, state }) {
      const { gradient: g } = yield* evaluate(w);
      const last = add(scale(state.last, 0.5), g);
      const { gradient } = yield* evaluate(add(w, ofLength(0.1, last)));
      return { direction: last, shift: scale(gradient, -1e-3), state: { last } };
    },
  });

type Make = (nonFinite: 'error' | 'skip') => SharpnessAwareOptimizer;
const optimizers: readonly Make[] = [
  (nonFinite) => sharpnessAware(tf.train.momentum(0.1, 0.9), sam(), { nonFinite }),
  (
    nonFinite, // A step that is skipped has no diagnostics.
  ) => sharpnessAware(tf.train.adam(0.05), sam({ ascentSteps: 2 }), { nonFinite, diagnostics: nonFinite === 'error' }),
  (nonFinite) => sharpnessAware(tf.train.sgd(0.1), hoarder(), { nonFinite }),
  (nonFinite) =>
    sharpnessAware(weightDecay(tf.train.momentum(0.1, 0.9), { rate: 0.1 }), every(2, sam()), { nonFinite }),
  (nonFinite) => sharpnessAware(sharpnessAware(tf.train.sgd(0.1), sam()), sam(), { nonFinite }),
];

/** What happens at one step: an undisturbed one, or a fault at one of its evaluations. */
interface Event {
  readonly fault: string | undefined;
  readonly at: number;
  /** How the step is made. */
  readonly way: keyof typeof ways;
}

const faults: Readonly<Record<string, Fault>> = {
  ...Object.fromEntries(Object.entries(fatal).map(([name, [fault]]) => [name, fault])),
  ...notFinite,
  ...harmless,
  'disposes of the batch': disposesOfTheBatch,
};

const ways = {
  minimize: ({ optimizer, weights }: World, loss: () => tf.Scalar) =>
    optimizer.minimize(loss, true, weights)?.dispose(),
  'by hand': ({ optimizer, weights }: World, loss: () => tf.Scalar) => {
    const { value, grads } = optimizer.computeGradients(loss, weights);
    optimizer.applyGradients(grads);
    tf.dispose([value, grads] as tf.TensorContainer);
  },
  'by hand, in a tidy': ({ optimizer, weights }: World, loss: () => tf.Scalar) =>
    tf.tidy(() => optimizer.applyGradients(optimizer.computeGradients(loss, weights).grads)),
  'by hand, with a gradient that was disposed of': (of: World, loss: () => tf.Scalar) =>
    expectRefused(of, loss, (grads) => void Object.values(grads)[0]?.dispose(), /was disposed of; give those/),
  'by hand, with a gradient of another shape': (of: World, loss: () => tf.Scalar) =>
    expectRefused(
      of,
      loss,
      (grads, [, bias]) => {
        grads[bias!.name]?.dispose();
        grads[bias!.name] = tf.tensor1d([1, 2]);
      },
      /has the shape \[2\] for a variable of shape \[\]; give those/,
    ),
  'without applying': ({ optimizer, weights }: World, loss: () => tf.Scalar) => {
    const { value, grads } = optimizer.computeGradients(loss, weights);
    tf.dispose([value, grads] as tf.TensorContainer);
    forgetStep(optimizer, weights);
  },
};

// A step that was not applied is let go of at the next; here, so that what it held is not counted.
function forgetStep(optimizer: SharpnessAwareOptimizer, weights: tf.Variable[]): void {
  expect(() => optimizer.computeGradients(() => tf.scalar(0), weights)).toThrow('Cannot find a connection');
}

function expectRefused(
  { optimizer, weights }: World,
  loss: () => tf.Scalar,
  spoil: (grads: tf.NamedTensorMap, weights: tf.Variable[]) => void,
  message: RegExp,
): void {
  const { value, grads } = optimizer.computeGradients(loss, weights);
  // A skipped step has no gradients to spoil.
  if (Object.keys(grads).length > 0) {
    spoil(grads, weights);
    expect(() => optimizer.applyGradients(grads)).toThrow(message);
  }
  tf.dispose([value, grads] as tf.TensorContainer);
  forgetStep(optimizer, weights);
}

const event: fc.Arbitrary<Event> = fc.record({
  fault: fc.option(fc.constantFrom(...Object.keys(faults)), { nil: undefined, freq: 5 }),
  at: fc.integer({ min: 1, max: 4 }),
  way: fc.constantFrom(...(Object.keys(ways) as (keyof typeof ways)[])),
});

const batchOf = (): tf.Tensor2D => tf.tensor2d([1, -0.5, 0.25, 2, -1, 0.75], [2, 3]);

function world(optimizer: SharpnessAwareOptimizer): World {
  const weights = tf.tidy(() => [tf.variable(tf.tensor2d([0.5, -0.25, 1], [3, 1])), tf.variable(tf.scalar(0.1))]);
  const of: World = {
    optimizer,
    weights,
    batch: batchOf(),
    litter: [],
    loss: () =>
      tf.tidy(() => tf.mean(tf.square(tf.sub(tf.tanh(tf.add(tf.matMul(of.batch, weights[0]!), weights[1]!)), 1)))),
  };
  return of;
}

/** Makes the step; the error it ends with, if any. */
function happen(of: World, { fault, at, way }: Event): Error | undefined {
  let asked = 0;
  const loss = (): tf.Scalar => (++asked === at && fault !== undefined ? faults[fault]!(of) : of.loss()) as tf.Scalar;
  try {
    ways[way](of, loss);
    return undefined;
  } catch (error) {
    return error as Error;
  } finally {
    tf.dispose(of.litter.splice(0));
    for (const weight of of.weights) weight.trainable = true;
    if (of.batch.isDisposed) of.batch = batchOf();
  }
}

function expectExplained(error: Error, { fault }: Event): void {
  expect(error).toBeInstanceOf(Error);
  if (fault !== undefined && fault in fatal) expect(error.message).toMatch(fatal[fault]![1]);
  else if (fault !== undefined && fault in notFinite) expect(error.message).toMatch(/is not finite/);
  else expect(fault).toBe('disposes of the batch');
}

const numbers = ({ weights }: World): number[][] => weights.map((weight) => Array.from(weight.dataSync()));
const untroubled: Event = { fault: undefined, at: 1, way: 'minimize' };

describe.each(engines)('whatever a loss closure does, on %s,', (engine) => {
  beforeEach(() => use(engine));

  function expectUndisturbed(make: Make, nonFinite: 'error' | 'skip', events: readonly Event[]): void {
    const level = memory();
    const [disturbed, twin] = [world(make(nonFinite)), world(make(nonFinite))];
    for (const each of [...events, untroubled, untroubled]) {
      const before = memory();
      const { steps } = disturbed.optimizer;
      const error = happen(disturbed, each);
      if (error !== undefined) expectExplained(error, each);
      // The first step that comes to its end makes accumulators and state.
      if (error !== undefined || steps > 0) expect([each, memory()]).toEqual([each, before]);
      while (twin.optimizer.steps < disturbed.optimizer.steps) happen(twin, untroubled);
      expect([each, numbers(disturbed)]).toEqual([each, numbers(twin)]);
    }
    for (const { optimizer, weights, batch } of [disturbed, twin]) {
      optimizer.dispose();
      tf.dispose([weights, batch]);
    }
    // tf.train.momentum leaks a scalar of its own when disposed of.
    expect(memory().numTensors - level.numTensors).toBeLessThanOrEqual(2);
  }

  it('a step is right or ends with an error that tells, and all goes on as if the fault had not been', () => {
    const events = fc.array(event, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.constantFrom(...optimizers), fc.constantFrom('error', 'skip'), events, expectUndisturbed),
      cases(250),
    );
  });
});
