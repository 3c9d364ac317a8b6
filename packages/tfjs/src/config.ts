import { fromPlain, type PlainData, toPlain } from '@flatmin/core';
import * as tf from '@tensorflow/tfjs-core';

const VERSION = 1;

/** An optimizer as plain data. */
interface OptimizerConfig {
  readonly className: string;
  readonly config: tf.serialization.ConfigDict;
}

/**
 * A configuration as `getConfig` returns it: one text under `name`. Every other text, and all keys, TensorFlow.js turns
 * into snake case when it saves a model and back when it loads one, not always to what they were.
 */
export function written(what: string, config: Readonly<Record<string, unknown>>): tf.serialization.ConfigDict {
  return { name: JSON.stringify({ version: VERSION, ...(toPlain(what, config) as object) }) };
}

/**
 * What {@link written} was given.
 *
 * @throws RangeError for a configuration of a newer version, or none of ours
 */
export function read(what: string, { name }: tf.serialization.ConfigDict): Record<string, unknown> {
  const config = typeof name === 'string' ? parsed(name) : undefined;
  const version = config?.['version'];
  if (version === VERSION) return config as Record<string, unknown>;
  throw new RangeError(
    typeof version === 'number'
      ? `${what}: the configuration is of version ${version}, and this one reads version ${VERSION}; update @flatmin/tfjs.`
      : `${what}: that is no configuration of it; give what getConfig returned.`,
  );
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    return fromPlain(JSON.parse(text) as PlainData) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

/** An optimizer as plain data, its accumulators left out. */
export const configOf = (optimizer: tf.Optimizer): OptimizerConfig => ({
  className: optimizer.getClassName(),
  config: optimizer.getConfig(),
});

/**
 * The optimizer that plain data tells.
 *
 * @throws RangeError for a class that is not known
 */
export function optimizerOf({ className, config }: OptimizerConfig): tf.Optimizer {
  const { classNameMap } = tf.serialization.SerializationMap.getMap();
  const [type, fromConfig] = (Object.hasOwn(classNameMap, className) && classNameMap[className]) || [];
  if (type !== undefined && fromConfig !== undefined) return fromConfig(type, config) as tf.Optimizer;
  throw new RangeError(
    `The optimizer class "${className}" is not known; register it with tf.serialization.registerClass before loading.`,
  );
}
