import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type * as tf from '@tensorflow/tfjs-core';

/** What TensorFlow.js hands to a kernel on this backend, its inputs and attributes named. */
export interface KernelCall<Input extends string, Attributes> {
  readonly inputs: Readonly<Record<Input, tf.TensorInfo>>;
  readonly attrs: Attributes;
  readonly backend: BackendWasm;
}

/** A kernel of this package, before it is registered. */
export interface TrainingKernel {
  readonly kernelName: string;
  /** Whether it takes the place of a kernel that the backend has already. */
  readonly improves: boolean;
  /** Makes the function to register, given the backend's own, to which it hands the calls that it does not serve. */
  readonly kernelFunc: (stock: tf.KernelFunc | undefined) => tf.KernelFunc;
}

/** A kernel that the backend lacks. */
export function missingKernel<Input extends string, Attributes>(
  kernelName: string,
  compute: (call: KernelCall<Input, Attributes>) => tf.TensorInfo | tf.TensorInfo[],
): TrainingKernel {
  // The registry's type knows neither the names of a kernel's inputs nor those of its attributes.
  return { kernelName, improves: false, kernelFunc: () => compute as unknown as tf.KernelFunc };
}

/** A kernel that is better than the backend's own for the calls that it `serves`; the others go to that one. */
export function betterKernel<Input extends string, Attributes>(
  kernelName: string,
  serves: (call: KernelCall<Input, Attributes>) => boolean,
  compute: (call: KernelCall<Input, Attributes>) => tf.TensorInfo | tf.TensorInfo[],
): TrainingKernel {
  const kernelFunc = (stock: tf.KernelFunc | undefined): tf.KernelFunc => {
    const choose = (call: KernelCall<Input, Attributes>) => {
      if (serves(call)) return compute(call);
      if (stock) return (stock as unknown as typeof compute)(call);
      throw unsupported(
        kernelName,
        'the attributes',
        call.attrs,
        "register the backend's own kernel, which serves them",
      );
    };
    return choose as unknown as tf.KernelFunc;
  };
  return { kernelName, improves: true, kernelFunc };
}

/** The error for an option that a kernel does not serve. */
export function unsupported(kernelName: string, option: string, value: unknown, remedy: string): Error {
  return new Error(`${kernelName} on the wasm backend does not support ${option} ${JSON.stringify(value)}: ${remedy}.`);
}
