import * as tf from '@tensorflow/tfjs-core';
import { availabilityOf, firstLine } from './availability.ts';
import type { Availability, Engine, EngineName } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { table } from './table.ts';

/** An engine that is in use. */
export interface OpenedEngine {
  /** The engine's name: never `auto`. */
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
  return openFrom(table, name);
}

/** {@link openEngine} with the engines given. */
export async function openFrom(engines: ReadonlyMap<string, Engine>, name: string): Promise<OpenedEngine> {
  if (name === 'auto') return openBest(engines as ReadonlyMap<EngineName, Engine>);
  const engine = engines.get(name);
  if (engine === undefined) {
    const names = [...engines.keys(), 'auto'].join(', ');
    throw new EngineError('unknown', `engine ${JSON.stringify(name)} must be one of ${names}`);
  }
  return openNamed(name as EngineName, engine);
}

async function openNamed(name: EngineName, engine: Engine): Promise<OpenedEngine> {
  const { available, reason } = await availabilityOf(name, engine);
  if (!available) throw new EngineError('absent', `engine ${name} is not available: ${reason}`);
  await start(name, engine);
  return { name, backend: engine.backend, passedOver: [] };
}

async function openBest(engines: ReadonlyMap<EngineName, Engine>): Promise<OpenedEngine> {
  const passedOver: Availability[] = [];
  for (const [name, engine] of engines) {
    const found = await availabilityOf(name, engine);
    const reason = found.reason ?? (await startOrReason(name, engine));
    if (reason === undefined) return { name, backend: engine.backend, passedOver };
    passedOver.push({ ...found, reason });
  }
  const wasm = 'npm install @flatmin/wasm-training @tensorflow/tfjs-backend-wasm brings one';
  throw new EngineError('absent', `engine auto finds none on this machine; ${wasm}`);
}

async function startOrReason(name: EngineName, engine: Engine): Promise<string | undefined> {
  try {
    await start(name, engine);
    return undefined;
  } catch (error) {
    return firstLine(error);
  }
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
