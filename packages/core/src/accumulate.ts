import type { ParamTree, TreeMath } from '@flatmin/tree';
import { checkNumber } from './options.ts';
import type { Procedure } from './protocol.ts';
import { type Outcome, type State, type Step, treeOf, type Variant } from './variant.ts';

const sums = { directionSum: treeOf(), shiftSum: treeOf() };

/**
 * Gradient accumulation: k consecutive steps, each on a batch of its own at the same weights, make one update.
 *
 * The base optimizer rests until the k-th step, and then gets the mean of the k directions; the shifts are averaged
 * likewise. Where only some of the k steps return one of these, the others count as zero. A step that fails or is
 * skipped is not one of the k.
 *
 * Each batch climbs by its own ε: for a variant without state and random draws the update is that of
 * `sharded(variant, k)` on the k batches as one, m-sharpness, to rounding; it is not that of the bare variant on them
 * as one, whose ε is made of the mean gradient. State passes from each batch to the next, where `sharded` averages
 * the parts' states: a running mean takes k strides an update. Random draws are fresh for each batch.
 *
 * The variant's clock counts updates: its schedules of the step, `every` inside and the like. The base optimizer's
 * schedule of the learning rate counts steps, as does everything outside: `every` therefore belongs inside.
 *
 * @throws RangeError when k is not an integer of at least 1, or the variant accumulates already
 * @example
 * ```ts
 * accumulate(4, sam({ rho: 0.05 })); // 4 batches of 32 for each update, in the memory of one
 * ```
 */
export function accumulate(k: number, variant: Variant): Variant {
  checkNumber('accumulate', 'k', k, { min: 1, integer: true });
  refuseTwice(variant);
  const { gradients, limit } = variant;
  const updatesBefore = (step: number): number => Math.floor(step / k);
  return {
    ...variant,
    name: `accumulate-${k}-${variant.name}`,
    options: { k },
    made: { by: 'accumulate', of: variant },
    ...(typeof gradients === 'function' && { gradients: (step) => gradients(updatesBefore(step)) }),
    // A mean of means is rounded otherwise than one mean.
    ...(limit === 'exact' && k > 1 && { limit: 'rounding' as const }),
    state: { ...variant.state, ...sums },
    *step<T>(given: Step<T>): Procedure<T, Outcome<T>> {
      const { math, state, step } = given;
      const position = step % k;
      if (position === 0) refuseLeftovers(k, state);
      const { direction, shift, ...others } = yield* variant.step({ ...given, step: updatesBefore(step) });
      const directionSum = sum(math, state['directionSum'], direction);
      const shiftSum = sum(math, state['shiftSum'], shift);
      if (position < k - 1) return { ...others, state: { ...others.state, directionSum, shiftSum } };
      return {
        ...others,
        ...(directionSum !== undefined && { direction: math.scale(directionSum, 1 / k) }), // 1/k Σ dᵢ
        ...(shiftSum !== undefined && { shift: math.scale(shiftSum, 1 / k) }),
        state: { ...others.state, directionSum: undefined, shiftSum: undefined },
      };
    },
  };
}

type Tree<T> = ParamTree<T> | undefined;

function sum<T>({ add }: TreeMath<T>, before: Tree<T>, now: Tree<T>): Tree<T> {
  if (before === undefined || now === undefined) return before ?? now;
  return add(before, now);
}

const holdsSums = (state: object): boolean => Object.keys(sums).some((entry) => entry in state);

function refuseTwice({ name, state }: Variant): void {
  if (!holdsSums(state)) return;
  throw new RangeError(`accumulate: ${name} accumulates already; accumulate once, over the product of both counts.`);
}

// What is left of an update that was begun and never made: some of its steps were not this variant's.
function refuseLeftovers(k: number, state: State<unknown>): void {
  if (!holdsSums(state)) return;
  throw new Error(
    `accumulate: some of the ${k} steps of the update before were left out; accumulate around what leaves steps out, as in accumulate(${k}, every(2, sam())).`,
  );
}

/** Whether an update of this variant takes several steps. */
export function accumulates({ made, options }: Variant): boolean {
  if (made === undefined) return false;
  return (made.by === 'accumulate' && options['k'] !== 1) || accumulates(made.of);
}
