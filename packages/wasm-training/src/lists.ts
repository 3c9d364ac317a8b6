import { type KernelCall, missingKernel, type TrainingKernel } from './kernel.ts';
import { view } from './memory.ts';

/** What a kernel over a list of float32 tensors is given: its inputs' names are their places. */
type ListCall = KernelCall<string, object>;

/**
 * √Σx² over all elements of a list of tensors, in one pass. In float64 no square of a float32 is lost or too large.
 *
 * `@flatmin/tfjs` asks for it where it is there; composed of TensorFlow.js's kernels a norm is some fifteen of them.
 */
export const norm: TrainingKernel = missingKernel('FlatminNorm', ({ inputs, backend }: ListCall) => {
  let squares = 0;
  for (const x of Object.values(inputs)) squares += sumOfSquares(view(x, backend));
  const result = backend.makeOutput([], 'float32');
  view(result, backend)[0] = Math.sqrt(squares);
  return result;
});

/** aᵢ + f·bᵢ of the list a₀ … aₙ, b₀ … bₙ, f, each product rounded before the sum; f is a scalar. */
export const addScaled: TrainingKernel = missingKernel('FlatminAddScaled', ({ inputs, backend }: ListCall) => {
  const tensors = Object.values(inputs);
  const count = (tensors.length - 1) / 2;
  const sums = tensors.slice(0, count).map(({ shape }) => backend.makeOutput(shape, 'float32'));
  const factor = view(tensors.at(-1)!, backend)[0]!;
  sums.forEach((sum, k) => {
    const [a, b] = [view(tensors[k]!, backend), view(tensors[count + k]!, backend)];
    writeSum(view(sum, backend), a, factor, b);
  });
  return sums;
});

function sumOfSquares(x: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += x[i]! * x[i]!;
  return sum;
}

function writeSum(target: Float32Array, a: Float32Array, factor: number, b: Float32Array): void {
  for (let i = 0; i < target.length; i++) target[i] = a[i]! + Math.fround(factor * b[i]!);
}
