import { define, evaluate, treeOf, type Variant } from '@flatmin/core';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { cases } from '../../tree/src/testing/cases.ts';
import { sharpnessAware } from './index.ts';
import { engines, use } from './testing/engines.ts';

/** Goes element by element, so that what one weight does is nothing to the others; its state is a running sum. */
const elementwise = (): Variant =>
  define({
    name: 'elementwise',
    state: { sum: treeOf(0.5) },
    *step({ math: { addScaled, add, scale }, weights: w, state }) {
      const { gradient: g } = yield* evaluate(w);
      const { gradient } = yield* evaluate(addScaled(w, 0.1, g));
      const sum = add(scale(state.sum, 0.5), gradient);
      return { direction: sum, shift: scale(g, -0.01), state: { sum } };
    },
  });

const starts = [[1, -2], [0.5], [3, 0.25, -1], []];
const make = () => sharpnessAware(tf.train.momentum(0.05, 0.9), elementwise());
const variables = (): tf.Variable[] => starts.map((start) => tf.tidy(() => tf.variable(tf.tensor1d(start))));
const square = (some: readonly tf.Variable[]): tf.Scalar =>
  tf.tidy(() => tf.addN(some.map((variable) => tf.sum(tf.square(variable)))));
const numbers = (variable: tf.Variable): number[] => Array.from(variable.dataSync());

describe.each(engines)('variables that come and go, on %s,', (engine) => {
  beforeEach(async () => {
    await use(engine);
    tf.disposeVariables();
  });

  it('go each its own way, whichever take part in a step: frozen, left out of the list or of the loss', () => {
    const step = fc.record({
      members: fc.subarray([0, 1, 2, 3], { minLength: 1 }),
      how: fc.constantFrom('list', 'frozen', 'loss'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), (program) => {
        const [ours, theirs] = [variables(), variables()];
        const [optimizer, own] = [make(), theirs.map(make)];
        for (const { members, how } of program) {
          const some = members.map((i) => ours[i]!);
          for (const [i, variable] of ours.entries()) variable.trainable = how !== 'frozen' || members.includes(i);
          optimizer.minimize(() => square(some), false, how === 'list' ? some : ours);
          for (const i of members) own[i]!.minimize(() => square([theirs[i]!]), false, [theirs[i]!]);
          expect([how, ours.map(numbers)]).toEqual([how, theirs.map(numbers)]);
        }
        for (const each of [optimizer, ...own]) each.dispose();
        tf.dispose([ours, theirs]);
      }),
      cases(50),
    );
  });
});
