import * as tf from '@tensorflow/tfjs-core';
import { availabilityOf, firstLine } from './availability.ts';
import type { Availability, Engine, EngineName } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { table } from './table.ts';

/** An engine that is in use. */
export interface OpenedEngine {
  readonly name: EngineName;
  /** The backend's name in TensorFlow.js: what `tf.getBackend()` says now. */
  readonly backend: string;
  /** The better engines that `auto` passed over, each with its reason; empty for an engine asked for by name. */
  readonly passedOver: readonly Availability[];
}

/**
 * Opens an engine and makes it the backend in use: imports its package, registers what it needs to train, and waits until it
 * is ready.
 *
 * @param name a name in {@link engines}, or `auto` for the first of them that this machine has
 * @throws EngineError if there is no engine of this name, or it is not there, or does not start: one sentence that says why and
 * what can be done
 * @example
 * ```ts
 * const { name, backend } = await openEngine('auto');
 * ```
 */
export async function openEngine(name: EngineName | 'auto' | (string & {})): Promise<OpenedEngine> {
  if (name === 'auto') return openBest();
  const engine = table.get(name as EngineName);
  if (engine === undefined) {
    throw new EngineError(
      'unknown',
      `engine ${JSON.stringify(name)} must be one of ${[...table.keys()].join(', ')}, auto`,
    );
  }
  return openNamed(name as EngineName, engine);
}

async function openNamed(name: EngineName, engine: Engine): Promise<OpenedEngine> {
  const { available, reason } = await availabilityOf(name, engine);
  if (!available) throw new EngineError('absent', `engine ${name} is not available: ${reason}`);
  await start(name, engine);
  return { name, backend: engine.backend, passedOver: [] };
}

async function openBest(): Promise<OpenedEngine> {
  const passedOver: Availability[] = [];
  for (const [name, engine] of table) {
    const found = await availabilityOf(name, engine);
    if (found.reason !== undefined) {
      passedOver.push(found);
      continue;
    }
    try {
      await start(name, engine);
      return { name, backend: engine.backend, passedOver };
    } catch (error) {
      passedOver.push({ name, available: false, reason: firstLine(error) });
    }
  }
  throw new EngineError(
    'absent',
    'engine auto finds none; npm install @flatmin/wasm-training @tensorflow/tfjs-backend-wasm',
  );
}

/** Makes the backend the one in use; where it does not start, the one before stays. */
async function start(name: EngineName, { backend, packages, load }: Engine): Promise<void> {
  const before = tf.getBackend();
  try {
    await load();
    if (tf.findBackendFactory(backend) === null) {
      throw new Error(
        `${packages[0]} has not registered it with this copy of @tensorflow/tfjs-core; npm dedupe leaves one`,
      );
    }
    if (!(await tf.setBackend(backend))) throw new Error('its backend refuses to; the warnings above say why');
  } catch (error) {
    if (before) await tf.setBackend(before);
    throw new EngineError('broken', `engine ${name} does not start: ${firstLine(error)}`, { cause: error });
  }
}
