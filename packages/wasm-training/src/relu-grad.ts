import * as tf from '@tensorflow/tfjs-core';
import { type KernelCall, missingKernel, type TrainingKernel } from './kernel.ts';
import { allocate, view } from './memory.ts';

const name = 'FlatminReluGrad';

/** What the kernel is given. */
export type ReluGradCall = KernelCall<'dy' | 'x', object>;

/** dy · step(x), the gradient of ReLU: TensorFlow.js writes the step to memory, and then multiplies by it. */
export const reluGrad: TrainingKernel = missingKernel(name, ({ inputs: { dy, x }, backend }: ReluGradCall) => {
  const result = allocate(x.shape, backend);
  const [dx, from, at] = [result, dy, x].map((tensor) => view(tensor, backend)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  for (let i = 0; i < dx.length; i++) dx[i] = from[i]! * step(at[i]!);
  return result;
});

function step(x: number): number {
  if (x > 0) return 1;
  return x <= 0 ? 0 : Number.NaN;
}

/** The gradient of the kernel itself, for second derivatives: by dy the same again, by x nothing. */
const gradientOfReluGrad: tf.GradConfig = {
  kernelName: name,
  inputsToSave: ['x'],
  gradFunc: (ddx, [x]) => ({ dy: () => runReluGrad(ddx as tf.Tensor, x!), x: () => tf.zerosLike(x!) }),
};

let replaced: { readonly ours: tf.GradConfig; readonly stock: tf.GradConfig } | undefined;

/** Lets the gradient of ReLU ask for that kernel on a backend that has it. Gradients are registered for all backends. */
export function registerReluGradient(): void {
  const stock: tf.GradConfig | undefined = tf.getGradient('Relu');
  if (stock === undefined || stock === replaced?.ours) return;
  const gradFunc: tf.GradFunc = (dy, saved, attributes) => {
    const [x] = saved as [tf.Tensor];
    if (!serves(dy as tf.Tensor, x)) return stock.gradFunc(dy, saved, attributes);
    return { x: () => runReluGrad(dy as tf.Tensor, x) };
  };
  replaced = { ours: { ...stock, gradFunc }, stock };
  tf.unregisterGradient('Relu'); // else a warning, in debug mode
  tf.registerGradient(replaced.ours);
  if (tf.getGradient(name) === undefined) tf.registerGradient(gradientOfReluGrad);
}

/** Undoes {@link registerReluGradient}, unless somebody else has registered a gradient since. */
export function unregisterReluGradient(): void {
  if (replaced === undefined) return;
  if (tf.getGradient('Relu') === replaced.ours) {
    tf.unregisterGradient('Relu');
    tf.registerGradient(replaced.stock);
  }
  if (tf.getGradient(name) === gradientOfReluGrad) tf.unregisterGradient(name);
  replaced = undefined;
}

function runReluGrad(dy: tf.Tensor, x: tf.Tensor): tf.Tensor {
  return tf.engine().runKernel(name, { dy, x }) as tf.Tensor;
}

function serves(dy: tf.Tensor, x: tf.Tensor): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined && dy.dtype === 'float32' && x.dtype === 'float32';
}
