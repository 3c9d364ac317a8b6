import * as tf from '@tensorflow/tfjs-core';
import { conv2DBackpropFilter } from './conv2d-backprop-filter.ts';
import { conv2DBackpropInput } from './conv2d-backprop-input.ts';
import { depthwiseConv2dBackpropFilter } from './depthwise-backprop-filter.ts';
import { depthwiseConv2dBackpropInput } from './depthwise-backprop-input.ts';
import type { TrainingKernel } from './kernel.ts';
import { addScaled, norm } from './lists.ts';
import { matrixProduct } from './matrix-product.ts';
import { maxPoolGrad } from './max-pool-grad.ts';
import { registerReluGradient, reluGrad, unregisterReluGradient } from './relu-grad.ts';
import { cast, identity } from './sharing.ts';
import { biasedConvolution, convolution } from './simd/convolution.ts';
import { filterGradient } from './simd/filter-gradient.ts';
import { normOfList, sumsOfList } from './simd/lists.ts';
import { maxPoolGradient } from './simd/max-pool-gradient.ts';
import { reluGradInSimd } from './simd/relu-gradient.ts';
import type { SimdKernel } from './simd/simd-kernel.ts';
import { sumOverLeading } from './simd/sum-over-leading.ts';
import { sum } from './sum.ts';
import { unsortedSegmentSum } from './unsorted-segment-sum.ts';

const backendName = 'wasm';

/** Made of the backend's own operations, or plain JavaScript over its memory. */
const composedKernels: readonly TrainingKernel[] = [
  conv2DBackpropFilter,
  depthwiseConv2dBackpropFilter,
  depthwiseConv2dBackpropInput,
  unsortedSegmentSum,
  norm,
  addScaled,
  reluGrad,
  conv2DBackpropInput,
  maxPoolGrad,
  sum,
  identity,
  cast,
  matrixProduct,
];

/** Faster ones for what they serve, in WebAssembly of our own; each stands before the one above of its name. */
const simdKernels: readonly SimdKernel[] = [
  filterGradient,
  maxPoolGradient,
  sumOverLeading,
  normOfList,
  sumsOfList,
  reluGradInSimd,
  convolution,
  biasedConvolution,
];

/** What {@link registerTrainingKernels} may be told. */
export interface RegistrationOptions {
  /**
   * Whether kernels of this package's own WebAssembly are used where the engine and the backend allow it (default true).
   * Without, all are made of the backend's operations, whose sums round differently in the last digits.
   */
  readonly simd?: boolean;
  /**
   * Whether sums of products may use the processor's fused instruction (default false), which is faster where the engine has
   * WebAssembly's relaxed SIMD (Node 22, Chrome 114); where it has not, nothing changes. What is rounded once in place of
   * twice then depends on the machine: equal runs are equal bit for bit on equal machines only.
   */
  readonly relaxed?: boolean;
}

/** What {@link registerTrainingKernels} did for one kernel. */
export interface Registration {
  /** The kernel's name in TensorFlow.js. */
  readonly kernel: string;
  /**
   * `added`: the backend had none. `replaced`: it stands in for the backend's own, until
   * {@link unregisterTrainingKernels}. `kept`: the kernel that was there stays, this package's or TensorFlow.js's own.
   */
  readonly action: 'added' | 'replaced' | 'kept';
}

/** A kernel as registered, and what it stands in for. */
interface Registered {
  readonly ours: tf.KernelConfig;
  readonly stock: tf.KernelConfig | undefined;
}

const registered = new Map<string, Registered>();

/**
 * Registers on the WebAssembly backend the gradient kernels that it lacks, and better ones in place of those that are
 * slow (`Conv2D` and `FusedConv2D` by 3×3, `Conv2DBackpropInput`, `Sum`, `BatchMatMul`, `Identity`, `Cast`, the gradient of
 * ReLU) or wrong (`MaxPoolGrad`). Call it before or after the backend is initialised;
 * a second call changes nothing. A kernel that a later release of TensorFlow.js brings itself is left in place.
 *
 * @returns for each kernel what was done
 * @throws if `@tensorflow/tfjs-backend-wasm` is not imported
 * @example
 * ```ts
 * import * as tf from '@tensorflow/tfjs-core';
 * import '@tensorflow/tfjs-backend-wasm';
 * import { registerTrainingKernels } from '@flatmin/wasm-training';
 *
 * registerTrainingKernels();
 * await tf.setBackend('wasm');
 * ```
 */
export function registerTrainingKernels({ simd = true, relaxed = false }: RegistrationOptions = {}): Registration[] {
  if (!tf.findBackendFactory(backendName)) {
    throw new Error(
      "registerTrainingKernels() found no backend 'wasm': import '@tensorflow/tfjs-backend-wasm' before the call.",
    );
  }
  registerReluGradient();
  const trainingKernels = simd ? withSimd(composedKernels, relaxed) : composedKernels;
  return trainingKernels.map((kernel) => ({ kernel: kernel.kernelName, action: register(kernel) }));
}

/**
 * Undoes {@link registerTrainingKernels}: takes the added kernels away and puts the replaced ones back. Kernels that
 * somebody else has registered since stay.
 *
 * @example
 * ```ts
 * unregisterTrainingKernels();
 * ```
 */
export function unregisterTrainingKernels(): void {
  unregisterReluGradient();
  for (const [kernelName, { ours, stock }] of registered) {
    if (tf.getKernel(kernelName, backendName) !== ours) continue;
    tf.unregisterKernel(kernelName, backendName);
    if (stock) tf.registerKernel(stock);
  }
  registered.clear();
}

/** The composed kernels, each with the one of its name in WebAssembly on top; and those that only WebAssembly has. */
function withSimd(composed: readonly TrainingKernel[], relaxed: boolean): TrainingKernel[] {
  const uppers = new Map(simdKernels.map(({ kernelName, kernel }) => [kernelName, kernel(relaxed)]));
  const stacked = composed.map((lower) => {
    const upper = uppers.get(lower.kernelName);
    uppers.delete(lower.kernelName);
    if (!upper) return lower;
    return { ...lower, kernelFunc: (stock?: tf.KernelFunc) => upper.kernelFunc(lower.kernelFunc(stock)) };
  });
  return [...stacked, ...uppers.values()];
}

function register({ kernelName, improves, kernelFunc }: TrainingKernel): Registration['action'] {
  const stock: tf.KernelConfig | undefined = tf.getKernel(kernelName, backendName);
  if (stock && (!improves || stock === registered.get(kernelName)?.ours)) return 'kept';
  // The backend's own setup goes along, for its kernel is still called.
  const ours: tf.KernelConfig = { ...stock, kernelName, backendName, kernelFunc: kernelFunc(stock?.kernelFunc) };
  if (stock) tf.unregisterKernel(kernelName, backendName);
  tf.registerKernel(ours);
  registered.set(kernelName, { ours, stock });
  return stock ? 'replaced' : 'added';
}
