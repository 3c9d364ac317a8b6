import { entries, type ParamTree, TreeStructureError, zip } from '@flatmin/tree';
import type { Evaluation } from './protocol.ts';

/**
 * Refuses an answer that no step can work with.
 *
 * @param name which evaluation it is, to begin the error's sentence
 * @throws TypeError when loss or gradient is missing, or the gradient is not in the structure of the weights
 */
export function checkEvaluation<T>(
  name: string,
  weights: ParamTree<T>,
  evaluation: Partial<Evaluation<T>> | undefined,
): void {
  for (const part of ['loss', 'gradient'] as const) {
    if (isMissing(evaluation?.[part])) throw new TypeError(`${name} returned no ${part}; return { loss, gradient }.`);
  }
  const gradient = evaluation?.gradient as ParamTree<T>;
  const path = differenceOf(weights, gradient) ?? entries<T>(gradient).find(([, leaf]) => isMissing(leaf))?.[0];
  if (path === undefined) return;
  const where = path === '' ? '' : ` at "${path}"`;
  throw new TypeError(
    `${name} returned a gradient that is unlike the weights${where}; return one leaf for each weight.`,
  );
}

const isMissing = (leaf: unknown): boolean => leaf === undefined || leaf === null;

function differenceOf<T>(weights: ParamTree<T>, gradient: ParamTree<T>): string | undefined {
  try {
    zip((_: T, g: T) => g, weights, gradient);
    return undefined;
  } catch (error) {
    if (error instanceof TreeStructureError) return error.path;
    throw error;
  }
}
