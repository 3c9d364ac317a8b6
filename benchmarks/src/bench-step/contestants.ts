import { extname, join } from 'node:path';
import type { StepProgramInput } from './protocol.ts';
import { PLAIN, stepOptimizers } from './step-optimizers.ts';

/** A program to be timed. */
export interface Contestant extends StepProgramInput {
  readonly command: string;
  readonly args: readonly string[];
  /** Whether it is left out, with a word, where it does not start. */
  readonly optional: boolean;
}

/** What of a line-up is asked for. */
export interface LineUp {
  readonly network: string;
  readonly batch: number;
  readonly engines: readonly string[];
  readonly optimizers: readonly string[];
  /** A Python that has PyTorch, JAX or both. */
  readonly python?: string;
}

/** The optimizers that each peer has: PyTorch as davda54/sam writes them, JAX as `optax.contrib.sam` does. */
export const peers: ReadonlyMap<string, readonly string[]> = new Map([
  ['pytorch', [PLAIN, 'sam', 'asam']],
  ['jax', [PLAIN, 'sam']],
]);

const program = join(import.meta.dirname, `step-program${extname(import.meta.url)}`);
const peersFolder = join(import.meta.dirname, '../../peers');

/** The programs to be timed for a network: each engine, and each peer, with each of the optimizers that it has. */
export function contestants({ network, batch, engines, optimizers, python }: LineUp): Contestant[] {
  const inputs = (engine: string, has: (optimizer: string) => boolean): StepProgramInput[] =>
    optimizers.filter(has).map((optimizer) => ({ engine, network, optimizer, batch }));
  const ours = engines.flatMap((engine) =>
    inputs(engine, (optimizer) => stepOptimizers.has(optimizer)).map((input) => ({
      ...input,
      command: process.execPath,
      args: [...process.execArgv, program, JSON.stringify(input)],
      optional: false,
    })),
  );
  if (python === undefined) return ours;
  const theirs = [...peers].flatMap(([peer, has]) =>
    inputs(peer, (optimizer) => has.includes(optimizer)).map((input) => ({
      ...input,
      command: python,
      args: [join(peersFolder, `${peer}_steps.py`), JSON.stringify(input)],
      optional: true,
    })),
  );
  return [...ours, ...theirs];
}
