import { createHash } from 'node:crypto';
import type { Subset } from '../data/images.ts';
import type { Selection } from '../data/select.ts';
import { rhoOf, variantOf } from '../optimizers.ts';
import type { Provenance } from '../provenance.ts';
import type { RunSettings } from '../settings.ts';

/** All that decides the numbers of a run: one goes on from a checkpoint only where all of it is the same. */
export type RunIdentity = {
  readonly [Setting in keyof Omit<RunSettings, 'rho'>]: RunSettings[Setting];
} & {
  /** What the optimizer has, given or its own; null where it perturbs nothing. */
  readonly rho: number | null;
  /** SHA-256 of the images and labels, trained on and judged on. */
  readonly data: string;
  readonly commit: string;
  readonly node: string;
};

/** As the reader knows them. */
const names: Readonly<Record<keyof RunIdentity, string>> = {
  dataset: '--dataset',
  model: '--model',
  optimizer: '--optimizers',
  backend: '--backend',
  seed: '--seed',
  batchSize: '--batch-size',
  trainImages: '--limit',
  validation: '--validation',
  learningRate: '--learning-rate',
  momentum: '--momentum',
  epochsAsked: '--epochs',
  schedule: '--schedule',
  labelNoise: '--label-noise',
  augment: '--augment',
  subset: '--subset',
  rho: '--rho',
  data: 'images of SHA-256',
  commit: 'commit',
  node: 'Node',
};

/** Changes beside the commit do not count: results in the working tree, checkpoints too, would be some. */
export function runIdentity(settings: RunSettings, data: string, { commit, node }: Provenance): RunIdentity {
  return { ...settings, rho: rhoOf(variantOf(settings)), data, commit: commit.replace(/-dirty$/, ''), node };
}

/** The settings that an identity is made from. */
export function settingsOfIdentity({ data, commit, node, ...identity }: RunIdentity): RunSettings {
  return { ...identity, rho: identity.rho ?? undefined };
}

const digests = new WeakMap<Selection, string>();

/** SHA-256 of the images and labels of a selection, in its order. */
export function dataDigest(selection: Selection): string {
  const digest = digests.get(selection) ?? digestOf(selection);
  digests.set(selection, digest);
  return digest;
}

function digestOf({ train, held }: Selection): string {
  const hash = createHash('sha256');
  for (const { of, indices } of [train, held] satisfies Subset[]) {
    const size = of.shape.reduce((product, side) => product * side);
    hash.update(JSON.stringify([of.shape, of.classes, indices.length]));
    for (const index of indices) hash.update(of.pixels.subarray(index * size, (index + 1) * size));
    hash.update(Uint8Array.from(indices, (index) => of.labels[index]!));
  }
  return hash.digest('hex');
}

/** The same run by the code and Node version of another. */
export function withCodeOf({ commit, node }: RunIdentity, identity: RunIdentity): RunIdentity {
  return { ...identity, commit, node };
}

/** What one has that the other has otherwise, each in words; undefined where they are the same. */
export function difference(kept: RunIdentity, asked: RunIdentity): { kept: string; asked: string } | undefined {
  const keys = (Object.keys(names) as (keyof RunIdentity)[]).filter(
    (key) => (kept[key] ?? null) !== (asked[key] ?? null),
  );
  const told = (identity: RunIdentity): string => keys.map((key) => inWords(key, identity[key])).join(', ');
  return keys.length === 0 ? undefined : { kept: told(kept), asked: told(asked) };
}

function inWords(key: keyof RunIdentity, value: RunIdentity[keyof RunIdentity] | undefined): string {
  return value === null || value === undefined ? `no ${names[key]}` : `${names[key]} ${value}`;
}
