import { zip } from '@flatmin/tree';
import { evaluate, type Procedure, read, together } from '../protocol.ts';
import { define, type Outcome, type Step, scalarOf, treeOf, type Variant } from '../variant.ts';

/** Climb once, take the gradient there: SAM in two lines. */
export const climb = (rho: number): Variant =>
  define({
    name: 'climb',
    *step({ math: { add, ofLength }, weights: w, select }) {
      const { gradient: g } = yield* evaluate(w);
      const { gradient } = yield* evaluate(add(w, ofLength(rho, select(g))));
      return { direction: gradient };
    },
  });

/** Momentum-SAM: one evaluation, displaced against the momentum; no clean pass. (Becker et al. 2024) */
export const msam = (rho: number, beta = 0.9): Variant =>
  define({
    name: 'msam',
    state: { v: treeOf(0) },
    *step({ math: { addScaled, ofLength, sub }, weights: w, state }) {
      const { gradient: g } = yield* evaluate(sub(w, ofLength(rho, state.v))); // w̃ = w − ρ v/‖v‖
      const v = addScaled(g, beta, state.v); // v ← βv + g̃
      return { direction: v, state: { v } };
    },
  });

/** Weighted SAM, decoupled: the base steps on g, then w ← w − ηa(g̃ − g), a = γ/(1−γ). (Yue et al. 2023) */
export const wsam = (rho: number, gamma = 0.9): Variant =>
  define({
    name: 'wsam',
    *step({ math: { add, ofLength, scale, sub }, weights: w, learningRate: eta }) {
      const { gradient: g } = yield* evaluate(w);
      const { gradient: perturbed } = yield* evaluate(add(w, ofLength(rho, g)));
      return { direction: g, shift: scale(sub(perturbed, g), (-eta * gamma) / (1 - gamma)) };
    },
  });

/** State like VaSSO's: a running mean of gradients, from which ε is made. */
export const smoothed = (rho: number, theta = 0.4): Variant =>
  define({
    name: 'smoothed',
    state: { d: treeOf(0) },
    *step({ math: { add, addScaled, ofLength, scale }, weights: w, state }) {
      const { gradient: g } = yield* evaluate(w);
      const d = addScaled(scale(state.d, 1 - theta), theta, g); // d ← (1−θ)d + θg
      const { gradient } = yield* evaluate(add(w, ofLength(rho, d)));
      return { direction: gradient, state: { d } };
    },
  });

/** Draws, reads and decides: ε of random direction, an extra gradient when the first is longer than its mean. */
export const restless = (rho: number): Variant =>
  define({
    name: 'restless',
    state: { mean: scalarOf(0), last: treeOf(0) },
    *step({ math: { add, leaf, norm, ofLength }, weights: w, state, random }) {
      const { gradient: g } = yield* evaluate(add(w, ofLength(rho, random.normal(w))));
      const mean = leaf.mul(leaf.add(state.mean, norm(g)), 0.5);
      if ((yield* read(leaf.sub(norm(g), mean))) <= 0) return { direction: g, state: { mean } };
      const { gradient } = yield* evaluate(add(w, ofLength(rho * random.uniform(), g)));
      return { direction: gradient, state: { mean, last: g } };
    },
  });

/** Two evaluations at once, one of them on the batch before: like SAMPa. */
export const parallel = (rho: number): Variant =>
  define({
    name: 'parallel',
    needs: ['previousBatch'],
    state: { before: treeOf(0) },
    *step({ math: { add, mean, ofLength, sub }, weights: w, state }) {
      const [back, here] = yield* together([
        evaluate(add(w, ofLength(rho, state.before)), { batch: 'previous' }),
        evaluate(sub(w, ofLength(rho, state.before))),
      ]);
      return { direction: mean([back!.gradient, here!.gradient]), state: { before: here!.gradient } };
    },
  });

const abc = { a: treeOf(1), b: treeOf(2), c: treeOf(3) };

/** Returns the same leaves more than once, in every way there is: old state, new state, direction, shift, report. */
export const repetitive = (): Variant =>
  define({
    name: 'repetitive',
    state: abc,
    *step<T>({ weights: w, state, step }: Step<T, typeof abc>): Procedure<T, Outcome<T, typeof abc>> {
      const { gradient: g, loss } = yield* evaluate(w);
      let position = 0;
      const mixed = zip((x: T, y: T) => (position++ % 2 === 0 ? x : y), g, state.a);
      return {
        direction: step % 2 === 0 ? state.b : g,
        shift: g,
        state: { a: g, b: mixed, c: step % 3 === 0 ? state.c : state.a },
        diagnostics: { loss, again: loss },
      };
    },
  });
