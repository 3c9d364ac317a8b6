import * as tf from '@tensorflow/tfjs-core';
import { handle } from './handles.ts';
import { checkTrained } from './trained-variables.ts';
import type { LossAndGradients } from './wrapping-optimizer.ts';

/**
 * A loss and its gradients as handles of their own: whoever disposes of them takes nothing away that the closure
 * returned and still uses, such as a variable. A closure that fails leaves no tensor behind.
 *
 * @throws TypeError when the closure does not return a scalar tensor
 * @throws Error when it disposes of one of the variables, or freezes it
 */
export function lossAndGradients(
  base: Pick<tf.Optimizer, 'computeGradients'>,
  f: () => tf.Scalar,
  variables: tf.Variable[],
): LossAndGradients {
  try {
    return tf.tidy(() => {
      const { value, grads } = base.computeGradients(checked(f, variables), variables);
      const handles = Object.entries(grads).flatMap(([name, gradient]) =>
        gradient == null ? [] : [[name, handle(gradient)] as const],
      );
      return { value: handle(value), grads: Object.fromEntries(handles) };
    });
  } catch (error) {
    abandonTape();
    throw error;
  }
}

function checked(f: () => tf.Scalar, variables: readonly tf.Variable[]): () => tf.Scalar {
  return () => {
    const value: unknown = f();
    checkTrained(variables);
    const trouble = troubleWith(value);
    if (trouble === undefined) return value as tf.Scalar;
    throw new TypeError(`The loss closure returned ${trouble}; return a scalar tensor, computed synchronously.`);
  };
}

function troubleWith(value: unknown): string | undefined {
  if (value instanceof Promise) return 'a promise';
  if (!(value instanceof tf.Tensor)) return String(value);
  if (value.isDisposed) return 'a tensor that it had disposed of';
  return value.rank === 0 ? undefined : `a tensor of shape [${value.shape.join(', ')}]`;
}

// What the forward pass saved for the backward pass is kept out of every tidy, and TensorFlow.js forgets it when
// there will be no backward pass.
function abandonTape(): void {
  const { state } = tf.engine();
  if (state.gradientDepth > 0) return;
  for (const { saved } of state.activeTape ?? []) tf.dispose(saved);
  state.activeTape = [];
}
