import type * as tf from '@tensorflow/tfjs-core';

/** Variables as far as they matter here. */
type Named = Pick<tf.Variable, 'name' | 'shape'>;

/**
 * Which variable of a saved state is which of those trained now. Names decide; where TensorFlow.js had to give others
 * (a second `head/kernel` of a program is `head/kernel_1`, a layer without a name is numbered, a variable without one is a number), the k-th of a
 * name is the k-th.
 *
 * @param saved those of the state, in its order
 * @param trained those of now
 * @returns new names by old ones, where they differ
 * @throws RangeError when the two are not of one model
 */
export function sameVariables(owner: string, saved: readonly Named[], trained: readonly Named[]): Map<string, string> {
  const pairs = pairsByName(saved, trained) ?? pairsByPlace(saved, trained);
  const wrong = pairs?.find(([old, now]) => String(old.shape) !== String(now.shape));
  if (wrong !== undefined) {
    const [old, now] = wrong;
    throw new RangeError(
      `${owner}: the variable "${now.name}" has the shape [${now.shape}], and the state restored has [${old.shape}] for it; restore the state of this model.`,
    );
  }
  // Layers may have been frozen or thawed since: then one of the two is all of the other and more.
  const isOther = pairs === undefined || pairs.length < Math.min(saved.length, trained.length);
  if (isOther) {
    throw new RangeError(
      `${owner}: the state restored is of the variables ${listed(saved)}, and those trained are ${listed(trained)}; restore the state of this model.`,
    );
  }
  return new Map(pairs.filter(([old, now]) => old.name !== now.name).map(([old, now]) => [old.name, now.name]));
}

type Pairs = (readonly [old: Named, now: Named])[];

function pairsByName(saved: readonly Named[], trained: readonly Named[]): Pairs | undefined {
  const byName = new Map(saved.map((variable) => [variable.name, variable]));
  const pairs: Pairs = trained.flatMap((now) => {
    const old = byName.get(now.name);
    return old === undefined ? [] : [[old, now]];
  });
  return pairs.length === Math.min(saved.length, trained.length) ? pairs : undefined;
}

function pairsByPlace(saved: readonly Named[], trained: readonly Named[]): Pairs | undefined {
  const [before, after] = [grouped(saved), grouped(trained)];
  const pairs: Pairs = [];
  for (const [name, now] of after) {
    const old = before.get(name);
    if (old === undefined) continue;
    if (old.length !== now.length) return undefined;
    pairs.push(...old.map((variable, k) => [variable, now[k]!] as const));
  }
  return pairs;
}

/** By the names without the counters that make them unique: `dense_Dense1/kernel_1` is a `dense_Dense/kernel`. */
function grouped(variables: readonly Named[]): Map<string, Named[]> {
  const groups = new Map<string, Named[]>();
  for (const variable of variables) {
    const name = variable.name.replace(/(_?\d+)+(?=\/|$)/g, '');
    groups.set(name, [...(groups.get(name) ?? []), variable]);
  }
  return groups;
}

function listed(variables: readonly Named[]): string {
  const names = variables.slice(0, 3).map(({ name }) => `"${name}"`);
  return [...names, ...(variables.length > names.length ? ['…'] : [])].join(', ');
}
