import { checkKeys, checkNumber, float64, plain, sgd, sharpnessAware, type Variant } from '@flatmin/core';
import type { Point } from './paths.ts';
import type { Problem2d } from './valley.ts';

/** Options of {@link recordUpdates}. */
export interface RecordUpdatesOptions {
  /** What makes the updates; with the default options of core's drivers. */
  readonly variant: Variant;
  /** η of the stochastic gradient descent around which it works. */
  readonly learningRate: number;
  /** w of the first step. */
  readonly start: Point;
  /** How many steps. Default 1. */
  readonly steps?: number;
}

/** One update as it was computed. */
export interface RecordedUpdate {
  /** w_t */
  readonly from: Point;
  /**
   * Where gradients were taken besides w_t, in this order, those of differences left out; of SAM it is w_adv alone, and
   * of a variant that takes its one gradient elsewhere that place.
   */
  readonly climb: readonly Point[];
  /** w_{t+1} */
  readonly to: Point;
  /** Where gradient descent alone would have gone: w_t − η∇L(w_t). */
  readonly descent: Point;
}

/** Updates, and what made them; plain data. */
export interface RecordedUpdates {
  /** The variant's name. */
  readonly variant: string;
  /** η */
  readonly learningRate: number;
  /** One after another. */
  readonly updates: readonly RecordedUpdate[];
}

/**
 * Runs a variant on a problem of two weights, in double precision, and records where it took gradients and where it went.
 *
 * @throws RangeError for options that make no sense
 * @throws Error for a variant that needs more than one loss for one batch
 * @example
 * ```ts
 * const recorded = recordUpdates(valley, { variant: sam({ rho: 0.4 }), learningRate: 0.2, start: [-1.6, 0.2] });
 * ```
 */
export function recordUpdates(problem: Problem2d, options: RecordUpdatesOptions): RecordedUpdates {
  const owner = 'recordUpdates';
  checkKeys(owner, options, ['variant', 'learningRate', 'start', 'steps']);
  const { variant, learningRate, start, steps = 1 } = options;
  if (typeof variant?.step !== 'function')
    throw new RangeError(`${owner}: variant is ${JSON.stringify(variant) ?? typeof variant}; give one, such as sam().`);
  if (!isPair(start)) throw new RangeError(`${owner}: start is ${JSON.stringify(start)}; give two numbers.`);
  checkNumber(owner, 'learningRate', learningRate, { above: 0 });
  checkNumber(owner, 'start[0]', start[0]);
  checkNumber(owner, 'start[1]', start[1]);
  checkNumber(owner, 'steps', steps, { min: 1, integer: true });
  const optimizer = sharpnessAware(sgd({ learningRate }), variant, float64);
  const updates: RecordedUpdate[] = [];
  for (let from = start; updates.length < steps; from = updates.at(-1)!.to) {
    const descent = stepped(sharpnessAware(sgd({ learningRate }), plain(), float64), problem, from).to;
    const { to, asked } = stepped(optimizer, problem, from);
    const [first = to] = asked;
    updates.push({ from, climb: asked.slice(first[0] === from[0] && first[1] === from[1] ? 1 : 0), to, descent });
  }
  return { variant: variant.name, learningRate, updates };
}

function stepped(optimizer: ReturnType<typeof sharpnessAware<Float64Array>>, problem: Problem2d, from: Point) {
  const asked: Point[] = [];
  const { weights } = optimizer.step({ w: Float64Array.of(...from) }, ({ w }, { probe }) => {
    const at = pointOf(w);
    if (!probe) asked.push(at);
    return { loss: problem.loss(at), gradient: { w: Float64Array.of(...problem.gradient(at)) } };
  });
  return { to: pointOf(weights.w), asked };
}

const isPair = (value: unknown): boolean => Array.isArray(value) && value.length === 2;

const pointOf = (w: Float64Array): Point => [w[0]!, w[1]!];
