import * as tf from '@tensorflow/tfjs-core';
import { tensors as algebra } from './algebra.ts';

/** A tensor on the host. */
export type HostTensor = {
  /** As a tensor's. */
  readonly shape: readonly number[];
  /** As a tensor's. */
  readonly dtype: 'float32' | 'int32' | 'bool';
  /** Row by row. */
  readonly values: Float32Array | Int32Array | Uint8Array;
};

/** One optimizer of a chain, without its tensors. */
export type PartState = {
  /** The class as TensorFlow.js knows it. */
  readonly className: string;
  /** How often it was applied. */
  readonly iterations: number;
  /** How many tensors it has. */
  readonly tensors?: number;
  /** The variables in the order of their gradients. */
  readonly order?: readonly string[];
  /** η, of the innermost. */
  readonly learningRate?: number;
  /** The names of what a base of a class of your own saves. */
  readonly weights?: readonly string[];
  /** The variant and where it stands. */
  readonly variant?: {
    /** Its name. */
    readonly name: string;
    /** Seed of its random draws. */
    readonly seed: number;
    /** Steps done. */
    readonly step: number;
    /** Steps skipped. */
    readonly skipped: number;
  };
};

/**
 * Where an optimizer stands between two steps, as plain data: records, lists, numbers and typed arrays. Kept in a file
 * by `@flatmin/checkpoint`, sent to a worker by `postMessage`.
 */
export type OptimizerState = {
  /** What it is. */
  readonly format: 'flatmin-optimizer';
  /** Of this layout. */
  readonly version: 1;
  /** From the outermost optimizer to the innermost. */
  readonly parts: readonly PartState[];
  /** By the number of the part, what it is, and the variable's name: `0/state.d/dense/kernel`, `1/accBeta1`. */
  readonly tensors: Readonly<Record<string, HostTensor>>;
};

/** One optimizer of a chain; its tensors by what they are and, after a slash, the variable's name. */
export interface Part {
  /** All but the tensors. */
  readonly state: PartState;
  /** The tensors. */
  readonly tensors: Readonly<Record<string, tf.Tensor>>;
}

/** Tensors by name, as `getWeights` and `setWeights` have them. */
export type NamedTensors = Parameters<tf.Optimizer['setWeights']>[0];

const FORMAT = 'flatmin-optimizer';
const VERSION = 1;
const PREFIX = 'flatmin/';
const HEADER = `${PREFIX}header`;

/** The tensors of all parts by one name each. */
const named = (parts: readonly Part[]): [name: string, tensor: tf.Tensor][] =>
  parts.flatMap(({ tensors }, i) =>
    Object.entries(tensors).map(([name, t]): [string, tf.Tensor] => [`${i}/${name}`, t]),
  );

const header = (parts: readonly Part[]): Omit<OptimizerState, 'tensors'> => ({
  format: FORMAT,
  version: VERSION,
  parts: parts.map(({ state, tensors }) => ({ ...state, tensors: Object.keys(tensors).length })),
});

/** Parts as plain data. */
export async function toHost(parts: readonly Part[]): Promise<OptimizerState> {
  const all = named(parts).map(([name, tensor]) => [name, algebra.share(tensor)] as const);
  try {
    const tensors = await Promise.all(all.map(async ([name, tensor]) => [name, await hostTensor(tensor)] as const));
    return { ...header(parts), tensors: Object.fromEntries(tensors) };
  } finally {
    for (const [, tensor] of all) tensor.dispose();
  }
}

/** A copy of a tensor on the host. */
export async function hostTensor(tensor: tf.Tensor): Promise<HostTensor> {
  const values = (await tensor.data()) as HostTensor['values'];
  return { shape: [...tensor.shape], dtype: tensor.dtype as HostTensor['dtype'], values: values.slice() };
}

/** The tensor that a {@link HostTensor} tells. */
export const deviceTensor = ({ shape, dtype, values }: HostTensor): tf.Tensor =>
  tf.keep(tf.tensor(values.slice(), [...shape], dtype));

/**
 * The parts of a state, their tensors fresh.
 *
 * @throws RangeError for what is no such state, is of a newer version, or not whole
 */
export function fromHost(owner: string, saved: OptimizerState): Part[] {
  const { parts } = checked(owner, saved, Object.keys(saved?.tensors ?? {}));
  for (const [name, { shape, values }] of Object.entries(saved.tensors)) {
    if (values.length === tf.util.sizeFromShape([...shape])) continue;
    throw new RangeError(
      `${owner}: the state has ${values.length} numbers for "${name}" of shape [${shape}]; it is not whole, restore an earlier one.`,
    );
  }
  const tensors = Object.entries(saved.tensors).map(([name, host]) => [name, deviceTensor(host)] as const);
  return assembled(parts, tensors);
}

/** Parts as `model.save` takes them; the header is a fresh tensor, all others stay what they are. */
export function toWeights(parts: readonly Part[]): NamedTensors {
  return [
    { name: HEADER, tensor: tf.keep(tf.scalar(JSON.stringify(header(parts)), 'string')) },
    ...named(parts).map(([name, tensor]) => ({ name: PREFIX + name, tensor })),
  ];
}

/**
 * What {@link toWeights} returned, as `loadLayersModel` hands it over; the tensors are second handles.
 *
 * @throws RangeError for weights that are not of such an optimizer, or of a newer version
 */
export async function fromWeights(owner: string, weights: NamedTensors): Promise<Part[]> {
  const first = weights.find(({ name }) => name === HEADER);
  const saved = first && JSON.parse(((await first.tensor.data()) as unknown as string[])[0]!);
  const others = weights.filter((weight) => weight !== first);
  const names = others.map(({ name }) => name.slice(PREFIX.length));
  const { parts } = checked(owner, saved, names);
  return assembled(
    parts,
    others.map(({ tensor }, i) => [names[i]!, algebra.share(tensor)] as const),
  );
}

/** Frees the tensors of parts that were made for it. */
export const freeParts = (parts: readonly Part[]): void => tf.dispose(parts.map(({ tensors }) => ({ ...tensors })));

function assembled(
  states: readonly PartState[],
  tensors: readonly (readonly [name: string, tensor: tf.Tensor])[],
): Part[] {
  return states.map((state, i) => {
    const own = tensors.filter(([name]) => name.startsWith(`${i}/`));
    return { state, tensors: Object.fromEntries(own.map(([name, tensor]) => [name.slice(`${i}/`.length), tensor])) };
  });
}

function checked(owner: string, saved: unknown, names: readonly string[]): Pick<OptimizerState, 'parts'> {
  const { format, version, parts } = (saved ?? {}) as Partial<OptimizerState>;
  if (format !== FORMAT || !Array.isArray(parts)) {
    throw new RangeError(`${owner}: that is no state of an optimizer; give what its method state returned.`);
  }
  if (version !== VERSION) {
    throw new RangeError(
      `${owner}: the state is of version ${String(version)}, and this one reads version ${VERSION}; update @flatmin/tfjs.`,
    );
  }
  const count = (i: number): number => names.filter((name) => name.startsWith(`${i}/`)).length;
  const expected = parts.map((part: PartState) => part.tensors ?? 0);
  const isWhole =
    expected.every((tensors, i) => tensors === count(i)) && expected.reduce((a, b) => a + b, 0) === names.length;
  if (!isWhole)
    throw new RangeError(`${owner}: the state has not all of its tensors; it is not whole, restore an earlier one.`);
  return { parts };
}
