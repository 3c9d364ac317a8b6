import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import type * as tf from '@tensorflow/tfjs-core';
import { betterKernel, type KernelCall, type TrainingKernel } from '../kernel.ts';
import { instanceOf } from './instance.ts';
import type { ModuleName } from './modules.ts';
import type { Exports } from './web-assembly.ts';

/** A kernel over our modules, before it is known whether these may fuse multiplications and additions. */
export interface SimdKernel {
  readonly kernelName: string;
  readonly kernel: (relaxed: boolean) => TrainingKernel;
}

/** A kernel over our modules; calls that it does not `serve`, or where there are no modules, go to the one below. */
export function simdKernel<Input extends string, Attributes>(
  kernelName: string,
  moduleNames: readonly ModuleName[],
  serves: (call: KernelCall<Input, Attributes>) => boolean,
  compute: (call: KernelCall<Input, Attributes>, functions: Exports) => tf.TensorInfo,
): SimdKernel {
  const kernel = (relaxed: boolean): TrainingKernel => {
    const instances = (backend: BackendWasm) => moduleNames.map((name) => instanceOf(name, backend, relaxed));
    return betterKernel(
      kernelName,
      (call: KernelCall<Input, Attributes>) => instances(call.backend).every(Boolean) && serves(call),
      (call) => compute(call, Object.assign({}, ...instances(call.backend))),
    );
  };
  return { kernelName, kernel };
}

/** Where the values of a tensor lie in the backend's memory, in bytes; for as long as the tensor lives. */
export function addressOf({ dataId }: tf.TensorInfo, backend: BackendWasm): number {
  return backend.getMemoryOffset(dataId);
}
