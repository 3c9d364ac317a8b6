import type { ParamTree } from '@flatmin/tree';
import { mapGradients } from './gradient-count.ts';
import { checkNumber } from './options.ts';
import { type Procedure, relay, together } from './protocol.ts';
import type { Outcome, Step, Variant } from './variant.ts';

/**
 * m-sharpness: each of `count` parts of the batch takes the variant's step on its own, with its own
 * perturbation; directions, shifts, next states and diagnostics are averaged. Where only some parts return
 * one of these, the others count as zero, and their state as unchanged.
 *
 * @throws RangeError when the count is not an integer of at least 1, or the variant takes the batch in parts already
 * @example
 * ```ts
 * sharded(sam({ rho: 0.05 }), 4);
 * ```
 * @see Foret et al. 2021, section 4.1 ("m-sharpness"); google-research/sam computes each replica's own ε and
 * averages the gradients
 */
export function sharded(variant: Variant, count: number): Variant {
  checkNumber('sharded', 'count', count, { min: 1, integer: true });
  if (variant.needs.includes('shards')) {
    throw new RangeError(`sharded: ${variant.name} takes the batch in parts already; part it once, into the product.`);
  }
  return {
    ...variant,
    name: `sharded-${count}-${variant.name}`,
    options: { count },
    made: { by: 'sharded', of: variant },
    ...mapGradients(variant, (gradients) => gradients * count),
    // A mean of means is rounded otherwise than one mean.
    ...(variant.limit === 'exact' && count > 1 && { limit: 'rounding' as const }),
    needs: [...new Set([...variant.needs, 'shards' as const])],
    *step<T>(given: Step<T>): Procedure<T, Outcome<T>> {
      const onShard = (_: unknown, index: number): Procedure<T, Outcome<T>> =>
        relay(variant.step(given), {
          request: (asked) => (asked.kind === 'read' ? asked : { ...asked, shard: { index, count } }),
        });
      return average(given, yield* together(Array.from({ length: count }, onShard)));
    },
  };
}

type Tree<T> = ParamTree<T> | undefined;

function average<T>({ math, weights, state }: Step<T>, outcomes: readonly Outcome<T>[]): Outcome<T> {
  // Of what all lack there is no mean; where nothing can take the place of what is absent, it is over the others.
  const mean = (trees: readonly Tree<T>[], otherwise: () => Tree<T>): Tree<T> => {
    if (trees.every((tree) => tree === undefined)) return undefined;
    return math.mean(trees.map((tree) => tree ?? otherwise()).filter((tree) => tree !== undefined));
  };
  const meanOf = (key: 'direction' | 'shift'): Outcome<T> => {
    const trees = outcomes.map((outcome) => outcome[key]);
    const found = mean(trees, () => math.full(weights, 0));
    return found === undefined ? {} : { [key]: found };
  };
  const meansOf = (key: 'state' | 'diagnostics', otherwise: (name: string) => Tree<T>): Outcome<T> => {
    const records = outcomes.map((outcome) => (outcome[key] ?? {}) as Readonly<Record<string, Tree<T>>>);
    const names = new Set(records.flatMap((record) => Object.keys(record)));
    const entries = [...names].map((name) => {
      const trees = records.map((record) => record[name]);
      return [name, mean(trees, () => otherwise(name))];
    });
    return { [key]: Object.fromEntries(entries) };
  };
  return {
    ...meanOf('direction'),
    ...meanOf('shift'),
    ...meansOf('state', (name) => state[name]),
    ...meansOf('diagnostics', () => math.leaf.scalar(0)),
  };
}
