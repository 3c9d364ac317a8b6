import * as tf from '@tensorflow/tfjs-core';
import type { OrderedGradient } from './wrapping-optimizer.ts';

/**
 * Refuses gradients that a base optimizer could apply in part only: it goes from variable to variable, and those
 * before the one at which it fails would have moved.
 *
 * @throws TypeError naming the variable whose gradient cannot be applied
 */
export function checkGradients(gradients: readonly OrderedGradient[]): void {
  for (const { name, tensor } of gradients) {
    const trouble = tensor === null ? undefined : troubleWith(tensor, tf.engine().registeredVariables[name]);
    if (trouble !== undefined) {
      throw new TypeError(
        `applyGradients: the gradient of "${name}" ${trouble}; give those that computeGradients returned.`,
      );
    }
  }
}

function troubleWith(gradient: tf.Tensor, variable: tf.Variable | undefined): string | undefined {
  if (variable === undefined) return 'is of no variable that there is';
  if (gradient.isDisposed) return 'was disposed of';
  const [given, wanted] = [gradient, variable].map(({ shape }) => `[${shape.join(', ')}]`);
  return given === wanted ? undefined : `has the shape ${given} for a variable of shape ${wanted}`;
}
