import { define, evaluate, losses, treeOf, type Variant } from '@flatmin/core';

/** SAM in two lines. */
export const climb = (rho: number): Variant =>
  define({
    name: 'climb',
    *step({ math: { add, ofLength }, weights: w }) {
      const { gradient: g } = yield* evaluate(w);
      const { gradient } = yield* evaluate(add(w, ofLength(rho, g)));
      return { direction: gradient };
    },
  });

/** The samples whose numbers are the greatest, in the order of the samples. */
export const greatest = (numbers: readonly number[], count: number): number[] =>
  [...numbers.keys()]
    .sort((i, j) => numbers[j]! - numbers[i]!)
    .slice(0, count)
    .sort((i, j) => i - j);

/** Like ESAM: descends along the gradient of those samples whose loss grows most by the perturbation. */
export const selective = (rho: number, count: number): Variant =>
  define({
    name: 'selective',
    needs: ['perSample'],
    *step({ math: { add, ofLength }, weights: w }) {
      const { gradient: g, losses: before = [] } = yield* evaluate(w, { losses: true });
      const there = add(w, ofLength(rho, g));
      const after = yield* losses(there);
      const growth = after.map((loss, i) => loss - before[i]!);
      const { gradient } = yield* evaluate(there, { samples: greatest(growth, count) });
      return { direction: gradient };
    },
  });

/** Like SAMPa: climbs along the gradient of the batch before. */
export const lookingBack = (rho: number): Variant =>
  define({
    name: 'looking-back',
    needs: ['previousBatch'],
    *step({ math: { add, ofLength }, weights: w }) {
      const { gradient: g } = yield* evaluate(w, { batch: 'previous' });
      const { gradient } = yield* evaluate(add(w, ofLength(rho, g)));
      return { direction: gradient };
    },
  });

/** Climbs along a running mean of the gradients: d ← (d + g)/2. */
export const smoothed = (rho: number): Variant =>
  define({
    name: 'smoothed',
    state: { d: treeOf(0) },
    *step({ math: { add, ofLength, scale }, weights: w, state }) {
      const { gradient: g } = yield* evaluate(w);
      const d = scale(add(state.d, g), 0.5);
      const { gradient } = yield* evaluate(add(w, ofLength(rho, d)));
      return { direction: gradient, state: { d } };
    },
  });
