import type { Algebra, ParamTree, TreeMath } from '@flatmin/tree';
import { checkKeys, checkNumber } from './options.ts';
import { type Evaluation, type Procedure, relay } from './protocol.ts';
import type { Outcome, Step, Variant } from './variant.ts';

/**
 * How far something may go: each element to [−value, value], the norm of each leaf to `norm`, or the norm of all
 * leaves together to `globalNorm`.
 */
export type Bound =
  | {
      /** The most that an element may be, either way. */
      readonly value: number;
    }
  | {
      /** The most that the norm of a leaf may be. */
      readonly norm: number;
    }
  | {
      /** The most that the norm over all leaves may be. */
      readonly globalNorm: number;
    };

/** What {@link clip} clips: at least one of these. */
export interface ClipOptions {
  /** Every gradient that the variant is given: what it makes its perturbation and its direction of. */
  readonly gradients?: Bound;
  /** What goes to the base optimizer. A shift, which goes to the weights themselves, is not clipped. */
  readonly direction?: Bound;
}

/**
 * The variant with clipped gradients, a clipped direction, or both.
 *
 * By a norm: g · min(1, c/‖g‖); by value: min(max(gᵢ, −c), c). What need not be clipped stays bit for bit, zero stays
 * zero, and what is not finite is still refused. Nothing is read back from the device.
 *
 * Of a batch in parts each part's gradients are clipped on their own: `clip(sharded(…))` clips the mean of the
 * directions, `sharded(clip(…))` those of the parts; the same goes for `accumulate`.
 *
 * @throws RangeError when nothing is to be clipped, and for a bound that makes no sense
 * @example
 * ```ts
 * clip(sam({ rho: 0.05 }), { direction: { globalNorm: 1 } });
 * ```
 * @see Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks", algorithm 1;
 * `torch.nn.utils.clip_grad_norm_` divides by ‖g‖ + 1e-6 where this divides by ‖g‖
 */
export function clip(variant: Variant, options: ClipOptions): Variant {
  const { gradients, direction } = checked(options);
  return {
    ...variant,
    name: `clip-${variant.name}`,
    options: { ...options },
    made: { by: 'clip', of: variant },
    // What is left at ρ = 0 is a base optimizer that is given clipped gradients.
    limit: 'none',
    *step<T>(given: Step<T>): Procedure<T, Outcome<T>> {
      const { math } = given;
      const outcome = yield* relay(variant.step(given), {
        answer: ({ kind }, answer) => {
          if (kind !== 'evaluate' || gradients === undefined) return answer;
          const evaluation = answer as Evaluation<T>;
          return { ...evaluation, gradient: clipped(math, gradients, evaluation.gradient) };
        },
      });
      if (direction === undefined || outcome.direction === undefined) return outcome;
      return { ...outcome, direction: clipped(math, direction, outcome.direction) };
    },
  };
}

function clipped<T>({ leaf, map, norm, scale }: TreeMath<T>, bound: Bound, tree: ParamTree<T>): ParamTree<T> {
  if ('value' in bound) return map((x) => clippedByValue(leaf, x, bound.value), tree);
  if ('norm' in bound) return map((x) => leaf.mul(x, factor(leaf, leaf.norm([x]), bound.norm)), tree);
  return scale(tree, factor(leaf, norm(tree), bound.globalNorm));
}

// min(1, c/n): 1 exactly where n is at most c, and where n is not finite, which is refused at the step's end.
function factor<T>(leaf: Algebra<T>, n: T, c: number): T {
  const one = leaf.scalar(1);
  const excess = leaf.sub(n, c);
  return leaf.add(
    leaf.sub(one, leaf.guard(excess, one)), // 1 where n ≤ c
    leaf.guard(excess, leaf.div(leaf.scalar(c), n)), // c/n where n > c
  );
}

// Masks instead of differences such as x − (|x| − c): an element within the bounds is not rounded.
function clippedByValue<T>(leaf: Algebra<T>, x: T, c: number): T {
  const side = leaf.sign(leaf.sub(leaf.abs(x), c)); // 1 where |x| > c, else 0 or −1
  const beyond = leaf.mul(leaf.add(side, leaf.abs(side)), 0.5); // 1 where |x| > c, else 0
  const within = leaf.sub(leaf.scalar(1), beyond);
  return leaf.add(leaf.mul(x, within), leaf.mul(leaf.mul(leaf.sign(x), c), beyond));
}

function checked(options: ClipOptions): ClipOptions {
  checkKeys('clip', options, ['gradients', 'direction']);
  const given = Object.entries(options).filter(([, bound]) => bound !== undefined);
  if (given.length === 0) {
    throw new RangeError('clip: there is nothing to clip; give gradients or direction, as { globalNorm: 1 }.');
  }
  for (const [name, bound] of given) checkBound(name, bound);
  return options;
}

function checkBound(name: string, bound: unknown): void {
  const [kind, ...others] = typeof bound === 'object' && bound !== null ? Object.entries(bound) : [];
  if (kind === undefined || others.length > 0 || !['value', 'norm', 'globalNorm'].includes(kind[0])) {
    throw new RangeError(
      `clip: ${name} is ${JSON.stringify(bound)}; give { value: c }, { norm: c } or { globalNorm: c }.`,
    );
  }
  checkNumber('clip', `${name}.${kind[0]}`, kind[1], { above: 0 });
}
