import { define, type Evaluation, evaluate, Session, type Variant } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { sharpnessAware, tensors } from './index.ts';
import { engines, use } from './testing/engines.ts';

const number = (t: tf.Tensor): number => t.dataSync()[0]!;
/** Σ hᵢwᵢ²/2 */
const bowl = (h: readonly number[]) => (w: tf.Tensor) =>
  tf.div(tf.sum(tf.mul(tf.tensor1d([...h]), tf.square(w))), 2) as tf.Scalar;
const length = (x: readonly number[]): number => Math.hypot(...x);

/** Where the loss was evaluated in one step, as numbers by variable. */
function visited(variant: Variant, variables: tf.Variable[], loss: () => tf.Scalar): number[][] {
  const places: number[][] = [];
  sharpnessAware(tf.train.sgd(0), variant).minimize(
    () => {
      places.push(variables.flatMap((v) => Array.from(v.dataSync())));
      return loss();
    },
    false,
    variables,
  );
  return places;
}

describe.each(engines)('SAM on %s', (engine) => {
  beforeEach(() => use(engine));

  it('climbs by the epsilon of the linear fixture', () => {
    const [w, b] = [
      tf.variable(tf.tensor1d([1, -2]), true, `w-${engine}`),
      tf.variable(tf.scalar(0.5), true, `bias-${engine}`),
    ];
    const loss = () => tf.square(tf.sub(tf.add(tf.sum(tf.mul(w, tf.tensor1d([1, 2]))), b), 1)) as tf.Scalar;
    const [here, there] = visited(sam({ rho: 0.5 }), [w, b], loss);
    const epsilon = there!.map((x, i) => x - here![i]!);
    for (const [i, expected] of [-0.20412, -0.40825, -0.20412].entries()) expect(epsilon[i]).toBeCloseTo(expected, 5);
  });

  it('makes the closed-form step on quadratics: w ← w − ηH(w + ρHw/‖Hw‖)', () => {
    const term = fc.record({
      h: fc.double({ min: 0.5, max: 4, noNaN: true }),
      w: fc.double({ min: 0.1, max: 3, noNaN: true }),
    });
    fc.assert(
      fc.property(
        fc.array(term, { minLength: 1, maxLength: 5 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (terms, rho) => {
          const [h, start] = [terms.map((t) => t.h), terms.map((t) => t.w)];
          const w = tf.variable(tf.tensor1d(start));
          sharpnessAware(tf.train.sgd(0.1), sam({ rho })).minimize(() => bowl(h)(w), false, [w]);
          const g = start.map((x, i) => h[i]! * x);
          const expected = start.map((x, i) => x - 0.1 * h[i]! * (x + (rho * g[i]!) / length(g)));
          for (const [i, x] of Array.from(w.dataSync()).entries()) expect(x).toBeCloseTo(expected[i]!, 5);
          w.dispose();
        },
      ),
      { numRuns: 30 },
    );
  });

  it('climbs exactly rho far, whatever the shapes', () => {
    for (const shapes of [[[3]], [[2, 3], []], [[4, 5, 6], [7], [1, 1]]]) {
      const variables = shapes.map((shape, i) => tf.variable(tf.randomNormal(shape, 0, 1, 'float32', i + 1)));
      const loss = () => tf.addN(variables.map((v) => tf.sum(tf.square(v)))) as tf.Scalar;
      const [here, there] = visited(sam({ rho: 0.3 }), variables, loss);
      expect(length(there!.map((x, i) => x - here![i]!))).toBeCloseTo(0.3, 5);
    }
  });

  it('raises the loss by rho times the norm of the gradient, to second order', () => {
    const h = [1, 3, 0.5];
    const start = [1, -0.5, 2];
    const remainder = (rho: number): number => {
      const w = tf.variable(tf.tensor1d(start));
      const [here, there] = visited(sam({ rho }), [w], () => bowl(h)(w)).map((x) => number(bowl(h)(tf.tensor1d(x))));
      return there! - here! - rho * length(start.map((x, i) => h[i]! * x));
    };
    // ρ²ĝᵀHĝ/2: a quarter when ρ is halved.
    expect(remainder(0.4) / remainder(0.2)).toBeCloseTo(4, 1);
  });

  it('leaves room for a shift after the base step: decoupled WSAM, w ← w − ηg − ηa(g̃ − g)', () => {
    const a = 2;
    const wsam = define({
      name: 'decoupled-wsam',
      *step({ math: { add, ofLength, scale, sub }, weights, learningRate: eta }) {
        const { gradient: g } = yield* evaluate(weights);
        const { gradient } = yield* evaluate(add(weights, ofLength(0.5, g)));
        return { direction: g, shift: scale(sub(gradient, g), -eta * a) };
      },
    });
    const w = tf.variable(tf.tensor1d([3, 4]));
    sharpnessAware(tf.train.sgd(0.1), wsam).minimize(() => bowl([2, 2])(w), false, [w]);
    // g = 2w, g̃ − g = 2 · 0.5 · w/‖w‖
    expect(w.dataSync()[0]).toBeCloseTo(3 - 0.1 * 6 - 0.1 * a * 0.6, 5);
    expect(w.dataSync()[1]).toBeCloseTo(4 - 0.1 * 8 - 0.1 * a * 0.8, 5);
  });

  it('gives the same numbers when its evaluations are awaited', async () => {
    const start = { a: tf.tensor1d([1, 2, 3]), b: tf.scalar(-1) };
    const evaluation = (weights: typeof start): Evaluation<tf.Tensor> => {
      const { value, grad } = {
        value: tf.add(bowl([1, 2, 3])(weights.a), tf.square(weights.b)),
        grad: { a: tf.mul(weights.a, tf.tensor1d([1, 2, 3])), b: tf.mul(weights.b, 2) },
      };
      return { loss: value, gradient: grad };
    };
    const variant = sam({ rho: 0.1, ascentSteps: 2, ascentLength: 'full' });
    const [sync, async] = [new Session(variant, tensors), new Session(variant, tensors)];
    const one = sync.run(start, 0.1, { evaluate: ({ weights }) => evaluation(weights as typeof start) });
    const other = await async.runAsync(start, 0.1, {
      evaluate: async ({ weights }) => {
        await tf.nextFrame();
        return evaluation(weights as typeof start);
      },
    });
    const flat = (tree: unknown) => Object.values(tree as typeof start).map((t) => Array.from(t.dataSync()));
    expect(flat(other.direction)).toEqual(flat(one.direction));
    expect(number(other.loss)).toBe(number(one.loss));
  });
});
