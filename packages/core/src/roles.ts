import { map, type ParamTree } from '@flatmin/tree';

/**
 * What a leaf is in its layer: a weight (kernel, embedding), a bias, or a normalisation's γ (scale) or β (shift).
 */
export type Role = 'weight' | 'bias' | 'gamma' | 'beta';

const named: readonly (readonly [pattern: RegExp, role: Role])[] = [
  [/gamma|^scale/i, 'gamma'],
  [/beta|^offset/i, 'beta'],
  [/bias|^b\d*$/i, 'bias'],
];

/**
 * The role that a leaf's name tells: the last part of its path, never its shape.
 *
 * `gamma` and `scale` are γ, `beta` and `offset` are β, `bias` and `b` are biases, all else are weights.
 *
 * @example
 * ```ts
 * roleOf('batch_normalization_1/gamma'); // 'gamma'
 * ```
 */
export function roleOf(path: string): Role {
  const name = path.slice(path.lastIndexOf('/') + 1);
  return named.find(([pattern]) => pattern.test(name))?.[1] ?? 'weight';
}

const roles: readonly unknown[] = ['weight', 'bias', 'gamma', 'beta'] satisfies Role[];

/** Which leaves are meant: a pattern of paths, a list of roles, or a function of both. */
export type LeafSelector = RegExp | readonly Role[] | ((path: string, role: Role) => boolean);

/** The role of each leaf, by its name unless `override` tells another. */
export function rolesOf<T>(weights: ParamTree<T>, override?: (path: string) => Role | undefined): ParamTree<Role> {
  return map<T, Role>((_, path) => override?.(path) ?? roleOf(path), weights);
}

/** Whether a selector means the leaf with this path and role. */
export function selects(selector: LeafSelector, path: string, role: Role): boolean {
  if (typeof selector === 'function') return selector(path, role);
  return selector instanceof RegExp ? path.search(selector) >= 0 : selector.includes(role);
}

/** True at the leaves that a selector means. */
export function maskOf(selector: LeafSelector, roles: ParamTree<Role>): ParamTree<boolean> {
  return map<Role, boolean>((role, path) => selects(selector, path, role), roles);
}

/**
 * Refuses an option that is no selector, such as a list with a role that does not exist.
 *
 * @throws RangeError
 */
export function checkSelector(owner: string, name: string, value: LeafSelector): void {
  if (typeof value === 'function' || value instanceof RegExp) return;
  if (Array.isArray(value) && value.every((role) => roles.includes(role))) return;
  throw new RangeError(
    `${owner}: ${name} is ${JSON.stringify(value)}; give a pattern of paths, a list of the roles ${roles.join(', ')}, or a function.`,
  );
}
