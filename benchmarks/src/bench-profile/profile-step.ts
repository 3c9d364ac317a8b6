import { type Profiler, Session } from 'node:inspector';
import * as tf from '@tensorflow/tfjs-core';
import { engineSteps } from '../bench-step/engine-steps.ts';
import type { StepProgramInput } from '../bench-step/protocol.ts';

/** A part of a step. */
export type StepPart = 'gradients' | 'update' | 'norms' | 'w + ρ g/‖g‖' | 'other kernels' | 'JavaScript';

/** By a function that a call stack is in, and that function's file; the first that matches counts. */
const parts: readonly { readonly part: StepPart; readonly in: RegExp }[] = [
  { part: 'gradients', in: /^Optimizer\.computeGradients / },
  { part: 'update', in: /^(Momentum|SGD)Optimizer\.applyGradients / },
  { part: 'norms', in: /^norm algebra\./ },
  { part: 'w + ρ g/‖g‖', in: /^addScaled algebra\./ },
  { part: 'other kernels', in: /^Engine\.runKernel / },
  { part: 'JavaScript', in: /^Optimizer\.minimize / },
];

/** Where the time of a step goes. */
export interface StepProfile extends StepProgramInput {
  readonly steps: number;
  /** Milliseconds a step, of `optimizer.minimize` alone. */
  readonly ms: number;
  /** Of these, by part. */
  readonly parts: Readonly<Record<StepPart, number>>;
}

/** How often V8 looks where the program is, in microseconds. */
const INTERVAL = 100;
/** Steps until compilers and caches have settled: a small network's step is JavaScript for the most part. */
const WARM_UP = 200;

/**
 * Samples the call stacks of steps for some time, and tells by them where it went. Sampling slows a step down a little, all parts
 * alike.
 */
export async function profileStep(input: StepProgramInput, seconds: number): Promise<StepProfile> {
  const { step } = await engineSteps(input);
  const startedAt = performance.now();
  for (let n = 0; n < WARM_UP && performance.now() - startedAt < 1000 * seconds; n++) await step();
  const session = new Session();
  session.connect();
  try {
    await post(session, 'Profiler.enable');
    await post(session, 'Profiler.setSamplingInterval', { interval: INTERVAL });
    await post(session, 'Profiler.start');
    const from = performance.now();
    let steps = 0;
    do {
      await step();
      steps++;
    } while (performance.now() - from < 1000 * seconds);
    const { profile } = (await post(session, 'Profiler.stop')) as Profiler.StopReturnType;
    const byPart = millisecondsByPart(profile);
    const each = Object.fromEntries(parts.map(({ part }) => [part, (byPart.get(part) ?? 0) / steps]));
    const ms = Object.values(each).reduce((sum, part) => sum + part, 0);
    return { ...input, steps, ms, parts: each as Record<StepPart, number> };
  } finally {
    session.disconnect();
    tf.disposeVariables(); // the next one's steps would look through them
  }
}

function post(session: Session, method: string, parameters: object = {}): Promise<unknown> {
  return new Promise((resolve, reject) =>
    session.post(method, parameters, (error, result) => (error === null ? resolve(result) : reject(error))),
  );
}

/** Milliseconds of the samples within a step. */
export function millisecondsByPart({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Map<StepPart, number> {
  const parents = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)));
  const names = new Map(nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const partOf = (leaf: number): StepPart | undefined => {
    const stack: string[] = [];
    for (let id: number | undefined = leaf; id !== undefined; id = parents.get(id)) stack.push(names.get(id)!);
    const isStep = stack.some((name) => parts.at(-1)!.in.test(name));
    return isStep ? parts.find((part) => stack.some((name) => part.in.test(name)))?.part : undefined;
  };
  const known = new Map(nodes.map(({ id }) => [id, partOf(id)]));
  const sums = new Map<StepPart, number>();
  for (const [k, id] of samples.entries()) {
    const part = known.get(id);
    if (part !== undefined) sums.set(part, (sums.get(part) ?? 0) + timeDeltas[k]! / 1000);
  }
  return sums;
}

/** `norm algebra.js`: the function and its file. */
function nameOf({ functionName, url }: { readonly functionName: string; readonly url: string }): string {
  return `${functionName} ${url.slice(url.lastIndexOf('/') + 1)}`;
}
