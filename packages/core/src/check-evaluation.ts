import { type Algebra, entries, leaves, type ParamTree, TreeStructureError, zip } from '@flatmin/tree';
import type { Evaluation } from './protocol.ts';

/**
 * Refuses an answer that no step can work with: what a driver of procedures checks before it hands an evaluation on.
 *
 * @param name which evaluation it is, to begin the error's sentence
 * @throws TypeError when loss or gradient is missing, or the gradient has not the structure and shapes of the weights
 */
export function checkEvaluation<T>(
  name: string,
  algebra: Algebra<T>,
  weights: ParamTree<T>,
  evaluation: Partial<Evaluation<T>> | undefined,
): void {
  for (const part of ['loss', 'gradient'] as const) {
    if (isMissing(evaluation?.[part])) throw new TypeError(`${name} returned no ${part}; return { loss, gradient }.`);
  }
  const gradients = leaves(inStructureOf(weights, evaluation?.gradient as ParamTree<T>, name));
  for (const [i, [path, weight]] of entries(weights).entries()) {
    const gradient = gradients[i]!;
    if (isMissing(gradient)) throw unlike(name, path);
    // A gradient of one element would spread over the weight without a word.
    const [given, wanted] = [algebra.shape(gradient), algebra.shape(weight)];
    if (given.length === wanted.length && given.every((size, axis) => size === wanted[axis])) continue;
    throw new TypeError(
      `${name} returned a gradient of shape ${shown(given)}${at(path)} for a weight of shape ${shown(wanted)}; return one element for each of the weight's.`,
    );
  }
}

/**
 * Refuses losses of samples that no step can work with.
 *
 * @throws TypeError when they are not a list of numbers
 */
export function checkLosses(name: string, losses: readonly number[] | undefined): readonly number[] {
  if (Array.isArray(losses) && losses.length > 0 && losses.every((loss) => typeof loss === 'number')) return losses;
  throw new TypeError(`${name} returned no losses of samples; return losses, a list of one number for each sample.`);
}

// The gradient's leaves in the order of the weights'.
function inStructureOf<T>(weights: ParamTree<T>, gradient: ParamTree<T>, name: string): ParamTree<T> {
  try {
    return zip((_: T, g: T) => g, weights, gradient);
  } catch (error) {
    throw error instanceof TreeStructureError ? unlike(name, error.path) : error;
  }
}

const isMissing = (leaf: unknown): boolean => leaf === undefined || leaf === null;

const shown = (shape: readonly number[]): string => `[${shape.join(', ')}]`;

const at = (path: string): string => (path === '' ? '' : ` at "${path}"`);

const unlike = (name: string, path: string): TypeError =>
  new TypeError(`${name} returned a gradient that is unlike the weights${at(path)}; return one leaf for each weight.`);
