import { leaves, type ParamTree, type TreeMath, TreeStructureError } from '@flatmin/core';
import { entries, zip } from '@flatmin/tree';

/**
 * Refuses a direction that is no direction in the space of the weights.
 *
 * @param owner whose option it is: `surface1d`
 * @param option `direction`, or `directions[0]`
 * @throws TreeStructureError where its structure is another
 * @throws RangeError where the shape of a leaf is
 */
export function checkDirection<T>(
  owner: string,
  option: string,
  { leaf }: TreeMath<T>,
  weights: ParamTree<T>,
  direction: ParamTree<T>,
): void {
  const along = leaves(inStructureOf(weights, direction, `${option} of ${owner}`));
  for (const [i, [path, weight]] of entries(weights).entries()) {
    // A leaf of one element would spread over the weight without a word.
    const [given, wanted] = [along[i]!, weight].map((one) => `[${leaf.shape(one).join(', ')}]`);
    if (given === wanted) continue;
    const at = path === '' ? '' : ` at "${path}"`;
    throw new RangeError(
      `${owner}: ${option} has the shape ${given}${at}, and the weights ${wanted}; give one element for each of theirs.`,
    );
  }
}

// The direction's leaves in the order of the weights'.
function inStructureOf<T>(weights: ParamTree<T>, direction: ParamTree<T>, name: string): ParamTree<T> {
  try {
    return zip((_: T, d: T) => d, weights, direction);
  } catch (error) {
    if (!(error instanceof TreeStructureError)) throw error;
    throw new TreeStructureError(error.path, `${name} is unlike the weights`);
  }
}
