import type * as tf from '@tensorflow/tfjs-core';
import { type KernelCall, missingKernel, type TrainingKernel } from './kernel.ts';
import { view } from './memory.ts';

/** What a kernel over a list of float32 tensors is given: its inputs' names are their places. */
export type ListCall = KernelCall<string, object>;

/**
 * √Σx² over all elements of a list of tensors. In float64 no square of a float32 is lost or too large.
 *
 * `@flatmin/tfjs` asks for it where it is there; composed of TensorFlow.js's kernels a norm is some fifteen of them.
 */
export const norm: TrainingKernel = missingKernel('FlatminNorm', (call: ListCall) =>
  normOf(call, (x) => sumOfSquares(view(x, call.backend))),
);

/** aᵢ + f·bᵢ of the list a₀ … aₙ, b₀ … bₙ, f, each product rounded before the sum; f is a scalar. */
export const addScaled: TrainingKernel = missingKernel('FlatminAddScaled', (call: ListCall) =>
  sumsOf(call, (sum, a, factor, b) => {
    const [target, one, other] = [sum, a, b].map((tensor) => view(tensor, call.backend));
    writeSum(target!, one!, factor, other!);
  }),
);

/** The norm of the list, given Σx² of a tensor. */
export function normOf({ inputs, backend }: ListCall, squaresOf: (x: tf.TensorInfo) => number): tf.TensorInfo {
  let squares = 0;
  for (const x of Object.values(inputs)) squares += squaresOf(x);
  const result = backend.makeOutput([], 'float32');
  view(result, backend)[0] = Math.sqrt(squares);
  return result;
}

/** The scaled sums of the list, given what writes one of them. */
export function sumsOf(
  { inputs, backend }: ListCall,
  write: (sum: tf.TensorInfo, a: tf.TensorInfo, factor: number, b: tf.TensorInfo) => void,
): tf.TensorInfo[] {
  const tensors = Object.values(inputs);
  const count = (tensors.length - 1) / 2;
  const factor = view(tensors.at(-1)!, backend)[0]!;
  return tensors.slice(0, count).map((a, k) => {
    const sum = backend.makeOutput(a.shape, 'float32');
    write(sum, a, factor, tensors[count + k]!);
    return sum;
  });
}

function sumOfSquares(x: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!;
  return sum;
}

function writeSum(target: Float32Array, a: Float32Array, factor: number, b: Float32Array): void {
  for (let i = 0; i < target.length; i++) target[i] = a[i]! + Math.fround(factor * b[i]!);
}
