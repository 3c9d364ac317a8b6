import * as tf from '@tensorflow/tfjs-core';

/**
 * The variables that a step optimises: of those given (default: all there are) the trainable ones of floats, each
 * once. A trainable counter or flag is as useless to a plain optimizer, which leaves it alone too.
 *
 * @param owner whose option it is: `trainer`
 * @param option what the option is called: `variables`
 * @throws TypeError for what is no array of variables
 * @throws Error when none is left
 */
export function trainedVariables(owner: string, option: string, list?: tf.Variable[]): tf.Variable[] {
  const given = list ?? Object.values(tf.engine().registeredVariables);
  if (!Array.isArray(given) || !given.every((variable) => variable instanceof tf.Variable)) {
    throw new TypeError(
      `${owner}: ${option} is no array of tf.Variable; give variables (for a layers model: model.trainableWeights.map((weight) => weight.read())) or leave it out.`,
    );
  }
  const trained = given.filter((variable) => variable.trainable && variable.dtype === 'float32' && isAlive(variable));
  if (trained.length > 0) return [...new Set(trained)];
  throw new Error(
    `${owner}: none of the ${given.length} variables is trainable and of dtype float32; thaw a layer (layer.trainable = true) or give others.`,
  );
}

/** Whether a variable was not disposed of: `tf.disposeVariables` does not say so by `isDisposed`. */
export const isAlive = (variable: tf.Variable): boolean =>
  tf.engine().registeredVariables[variable.name] === variable && !variable.isDisposed;

/**
 * Refuses to go on with a step whose variables are not all there any more.
 *
 * @throws Error naming the variable that was disposed of or frozen since the step began
 */
export function checkTrained(variables: readonly tf.Variable[]): void {
  const lost = variables.find((variable) => !(isAlive(variable) && variable.trainable));
  if (lost === undefined) return;
  const what = isAlive(lost) ? 'frozen' : 'disposed of';
  throw new Error(`The variable "${lost.name}" was ${what} during a step that trains it; do so between two steps.`);
}
