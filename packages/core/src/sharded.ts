import type { ParamTree, TreeMath } from '@flatmin/tree';
import { checkNumber } from './options.ts';
import { type Procedure, relay, together } from './protocol.ts';
import type { Outcome, State, Step, Variant } from './variant.ts';

/**
 * m-sharpness: each of `count` parts of the batch takes the variant's step on its own, with its own
 * perturbation; directions, shifts and next states are averaged.
 *
 * @throws RangeError when the count is not an integer of at least 1
 * @example
 * ```ts
 * sharded(sam({ rho: 0.05 }), 4);
 * ```
 * @see Foret et al. 2021, section 4.1 ("m-sharpness"); google-research/sam computes each replica's own ε and
 * averages the gradients
 */
export function sharded(variant: Variant, count: number): Variant {
  checkNumber('sharded', 'count', count, { min: 1, integer: true });
  return {
    ...variant,
    name: `sharded-${count}-${variant.name}`,
    needs: [...new Set([...variant.needs, 'shards' as const])],
    *step<T>(given: Step<T>): Procedure<T, Outcome<T>> {
      const onShard = (_: unknown, index: number): Procedure<T, Outcome<T>> =>
        relay(variant.step(given), {
          request: (asked) => (asked.kind === 'evaluate' ? { ...asked, shard: { index, count } } : asked),
        });
      return average(given.math, yield* together(Array.from({ length: count }, onShard)));
    },
  };
}

function average<T>(math: TreeMath<T>, outcomes: readonly Outcome<T>[]): Outcome<T> {
  const mean = (pick: (outcome: Outcome<T>) => ParamTree<T> | undefined): ParamTree<T> | undefined => {
    const trees = outcomes.map(pick).filter((tree) => tree !== undefined);
    return trees.length === 0 ? undefined : math.mean(trees);
  };
  const direction = mean((outcome) => outcome.direction);
  const shift = mean((outcome) => outcome.shift);
  const names = new Set(outcomes.flatMap(({ state = {} }) => Object.keys(state)));
  const state: Record<string, ParamTree<T>> = {};
  for (const name of names) state[name] = mean((outcome) => outcome.state?.[name])!;
  return {
    ...(direction === undefined ? {} : { direction }),
    ...(shift === undefined ? {} : { shift }),
    state: state satisfies State<T>,
  };
}
