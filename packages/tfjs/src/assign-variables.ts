import * as tf from '@tensorflow/tfjs-core';

/** Numbers by the names of variables. */
export type NamedValues = Readonly<Record<string, Float32Array>>;

/**
 * Gives variables the values of their names: what training in workers came to, for a model of this thread.
 *
 * @param values copied; those of other names are passed over
 * @param variables default: all there are of whose name there is a value
 * @throws RangeError for a variable without a value, or with one of another size; nothing is changed then
 * @example
 * ```ts
 * assignVariables({ ...training.weights, ...training.statistics });
 * ```
 */
export function assignVariables(values: NamedValues, variables: readonly tf.Variable[] = namedIn(values)): void {
  for (const { name, size, shape } of variables) {
    const length = values[name]?.length;
    if (length === size) continue;
    const given = length === undefined ? 'no value' : `${length} numbers`;
    throw new RangeError(
      `assignVariables: there is ${given} for "${name}" of shape [${shape.join(', ')}]; give ${size} numbers, from a model built in the same way.`,
    );
  }
  tf.tidy(() => {
    // A slice, for some backends keep the array itself.
    for (const variable of variables) variable.assign(tf.tensor(values[variable.name]!.slice(), variable.shape));
  });
}

/** The values of variables by name. */
export function valuesOf(variables: readonly tf.Variable[]): NamedValues {
  return Object.fromEntries(variables.map((variable) => [variable.name, variable.dataSync<'float32'>().slice()]));
}

function namedIn(values: NamedValues): tf.Variable[] {
  const { registeredVariables } = tf.engine();
  const missing = Object.keys(values).find((name) => registeredVariables[name] === undefined);
  if (missing === undefined) return Object.keys(values).map((name) => registeredVariables[name]!);
  throw new RangeError(
    `assignVariables: there is no variable "${missing}"; build the model in the same way as in the workers, before any other.`,
  );
}
