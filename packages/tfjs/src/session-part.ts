import type { SessionSnapshot, Stored } from '@flatmin/core';
import { entries, type ParamTree } from '@flatmin/tree';
import type * as tf from '@tensorflow/tfjs-core';
import type { Part } from './saved-state.ts';

type Tensors = Readonly<Record<string, tf.Tensor>>;

/** A variant's state, a name for each tensor: `state.d/dense/kernel`; `state.n`, a scalar; `resting.d/dense/bias`. */
export function namedState({ state, resting }: Stored<tf.Tensor>): Tensors {
  const named = (kind: string, all: Readonly<Record<string, ParamTree<tf.Tensor>>>): [string, tf.Tensor][] =>
    Object.entries(all).flatMap(([entry, tree]) =>
      entries(tree).map(([name, tensor]): [string, tf.Tensor] => [
        tree === tensor ? `${kind}.${entry}` : `${kind}.${entry}/${name}`,
        tensor,
      ]),
    );
  return Object.fromEntries([...named('state', state), ...named('resting', resting)]);
}

/** The same with other names for the variables. */
export function renamed(tensors: Tensors, names: ReadonlyMap<string, string>): Tensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([key, tensor]) => {
      const [entry, name] = parted(key);
      return [name === undefined ? key : `${entry}/${names.get(name) ?? name}`, tensor];
    }),
  );
}

/** What a session goes on from. */
export function sessionSnapshot({ state: { variant }, tensors }: Part): SessionSnapshot<tf.Tensor> {
  const { name = 'no variant', seed = 0, step = 0, skipped = 0 } = variant ?? {};
  const stored = (kind: string): Record<string, never> => {
    const all = Object.entries(tensors).filter(([key]) => key.startsWith(`${kind}.`));
    return grouped(all.map(([key, tensor]) => [...parted(key.slice(kind.length + 1)), tensor] as const)) as never;
  };
  return { variant: name, seed, step, skipped, state: stored('state'), resting: stored('resting') };
}

// An entry with names is a tree of tensors, one without is a tensor.
function grouped(all: readonly (readonly [entry: string, variable: string | undefined, tensor: tf.Tensor])[]): object {
  const groups = new Map<string, [string, tf.Tensor][] | tf.Tensor>();
  for (const [entry, variable, tensor] of all) {
    const group = groups.get(entry);
    if (variable === undefined) groups.set(entry, tensor);
    else groups.set(entry, [...(Array.isArray(group) ? group : []), [variable, tensor]]);
  }
  const trees = Array.from(groups, ([entry, group]) => [
    entry,
    Array.isArray(group) ? Object.fromEntries(group) : group,
  ]);
  return Object.fromEntries(trees);
}

function parted(key: string): [entry: string, variable: string | undefined] {
  const slash = key.indexOf('/');
  return slash < 0 ? [key, undefined] : [key.slice(0, slash), key.slice(slash + 1)];
}
