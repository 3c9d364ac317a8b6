import type { Availability, Engine, EngineName } from './engine.ts';
import { table } from './table.ts';

/**
 * Which engines this machine has, and why it lacks the others. Nothing is opened: packages and their files are looked for, and
 * WebGPU is asked for an adapter.
 *
 * @returns one entry for each engine, in the order of {@link engines}
 * @example
 * ```ts
 * for (const { name, available, reason } of await availability()) console.log(name, available ? 'ok' : reason);
 * ```
 */
export async function availability(): Promise<Availability[]> {
  return Promise.all(Array.from(table, ([name, engine]) => availabilityOf(name, engine)));
}

/** How things stand with one engine; whatever goes wrong in looking is the reason. */
export async function availabilityOf(name: EngineName, engine: Engine): Promise<Availability> {
  try {
    return { name, ...(await engine.presence()) };
  } catch (error) {
    return { name, available: false, reason: `looking for it failed (${firstLine(error)})` };
  }
}

/** What an error says, in one line. */
export function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0]!.trim();
}
