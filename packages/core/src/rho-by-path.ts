import { entries, map, type ParamTree, zip } from '@flatmin/tree';
import { checkNumber } from './options.ts';
import { type Procedure, relay } from './protocol.ts';
import { checkSelector, type LeafSelector, type Role, selects } from './roles.ts';
import type { Outcome, Step, Variant } from './variant.ts';

/** Which leaves, and how many times the perturbation they get. */
export type RhoFactor = readonly [selector: LeafSelector, factor: number];

/**
 * ρ for each path: the perturbation of the leaves that a selector means is `factor` times what it would be. The first
 * selector that means a leaf counts; leaves that none means keep their perturbation.
 *
 * Each evaluation at w̃ is one at w + f (w̃ − w), f the leaf's factor: the norm in ε = ρ g/‖g‖ is still over all leaves.
 * Leaves of the factor 1 stay bit for bit, those of the factor 0 are the weights themselves. {@link About.probe | Probes}
 * are moved too, so that a difference of gradients stays one between points as close; an evaluation that looks ahead
 * to the weights of another step ({@link About.lookAhead}) is left alone.
 *
 * So it is meant for variants that evaluate away from w only to perturb, or say where they do not. What a variant makes
 * of its own w̃ apart from evaluating there (weight decay at w̃) is unscaled. Diagnostics around it tell the ‖ε‖ that
 * is scaled, those inside the one that was asked for.
 *
 * @throws RangeError for a list that makes no sense, and at the first step for a selector that means none of the weights
 * @example
 * ```ts
 * rhoByPath(sam({ rho: 0.05 }), [[/^embedding/, 0.1], [['gamma', 'beta', 'bias'], 0]]);
 * ```
 * @see davda54/sam, whose parameter groups have a ρ each and one norm over all
 */
export function rhoByPath(variant: Variant, factors: readonly RhoFactor[]): Variant {
  checkFactors(factors);
  return {
    ...variant,
    name: `rho-by-path-${variant.name}`,
    options: { factors },
    made: { by: 'rhoByPath', of: variant },
    *step<T>(given: Step<T>): Procedure<T, Outcome<T>> {
      const { math, weights, roles } = given;
      const factorOf = factorsOf(roles, factors);
      const { leaf } = math;
      const moved = (w: T, there: T, factor: number): T => {
        if (factor === 1 || there === w) return there;
        return factor === 0 ? w : leaf.add(w, leaf.mul(leaf.sub(there, w), factor)); // w + f (w̃ − w)
      };
      return yield* relay(variant.step(given), {
        request: (asked) => {
          if (asked.kind === 'read' || asked.weights === weights) return asked;
          if (asked.kind === 'evaluate' && asked.lookAhead) return asked;
          return { ...asked, weights: zip(moved, weights, asked.weights, factorOf) };
        },
      });
    },
  };
}

function factorsOf(roles: ParamTree<Role>, factors: readonly RhoFactor[]): ParamTree<number> {
  const all = entries(roles);
  for (const [i, [selector]] of factors.entries()) {
    if (all.some(([path, role]) => selects(selector, path, role))) continue;
    throw new RangeError(
      `rhoByPath: factors[${i}] (${shown(selector)}) means none of the weights; name a path or role that they have.`,
    );
  }
  return map<Role, number>(
    (role, path) => factors.find(([selector]) => selects(selector, path, role))?.[1] ?? 1,
    roles,
  );
}

const shown = (selector: LeafSelector): string =>
  Array.isArray(selector) ? selector.join(', ') || 'no role' : String(selector);

function checkFactors(factors: readonly RhoFactor[]): void {
  if (!Array.isArray(factors) || factors.length === 0 || !factors.every((pair) => Array.isArray(pair))) {
    throw new RangeError(
      `rhoByPath: factors is ${JSON.stringify(factors)}; give a list of pairs, such as [[/^embedding/, 0.1]].`,
    );
  }
  for (const [i, [selector, factor]] of factors.entries()) {
    checkSelector('rhoByPath', `factors[${i}][0]`, selector);
    checkNumber('rhoByPath', `factors[${i}][1]`, factor, { min: 0 });
  }
}
