import { type ParamTree, type TreeMath, zip } from '@flatmin/tree';
import { type LeafSelector, maskOf, type Role } from './roles.ts';

/** What {@link elementwise} is made of. */
export interface Elementwise {
  /** η, added to |w|. */
  readonly eta: number;
  /** The leaves whose every element has a length of its own; the others count as they are. */
  readonly adaptive: LeafSelector;
}

/**
 * ASAM's T_w: |w| + η at the adaptive leaves, 1 at the others. Its ball ‖T⁻¹ε‖ ≤ ρ is wide where weights are
 * large. With `{ eta: 0, adaptive: () => true }` the losses in it do not change when a ReLU layer is scaled up and the
 * next one down.
 *
 * @example
 * ```ts
 * const t = elementwise(math, w, roles, { eta: 0.01, adaptive: ['weight', 'gamma'] });
 * const epsilon = mul(t, ofLength(rho, mul(t, g))); // ε̂ = ρ T²g/‖Tg‖
 * ```
 * @see Kwon et al., "ASAM: Adaptive Sharpness-Aware Minimization for Scale-Invariant Learning of Deep Neural
 * Networks" (ICML 2021), section 3
 */
export function elementwise<T>(
  { leaf }: TreeMath<T>,
  weights: ParamTree<T>,
  roles: ParamTree<Role>,
  { eta, adaptive }: Elementwise,
): ParamTree<T> {
  const length = (x: T, adapts: boolean): T => (adapts ? leaf.add(leaf.abs(x), eta) : leaf.full(x, 1));
  return zip(length, weights, maskOf(adaptive, roles));
}
