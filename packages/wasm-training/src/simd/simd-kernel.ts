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
  compute: (call: KernelCall<Input, Attributes>, functions: Exports) => tf.TensorInfo | tf.TensorInfo[],
): SimdKernel {
  const kernel = (relaxed: boolean): TrainingKernel => {
    const known = new WeakMap<object, Exports | null>(); // by the backend's module: small kernels are called often
    const functionsOf = (backend: BackendWasm): Exports | null => {
      const functions =
        known.get(backend.wasm) ?? joined(moduleNames.map((name) => instanceOf(name, backend, relaxed)));
      known.set(backend.wasm, functions);
      return functions;
    };
    return betterKernel(
      kernelName,
      (call: KernelCall<Input, Attributes>) => functionsOf(call.backend) !== null && serves(call),
      (call) => compute(call, functionsOf(call.backend)!),
    );
  };
  return { kernelName, kernel };
}

/** The functions of all modules; none, where one of these is missing. */
function joined(modules: readonly (Exports | undefined)[]): Exports | null {
  return modules.every((module) => module !== undefined) ? Object.assign({}, ...modules) : null;
}

/** Where the values of a tensor lie in the backend's memory, in bytes; for as long as the tensor lives. */
export function addressOf({ dataId }: tf.TensorInfo, backend: BackendWasm): number {
  return backend.getMemoryOffset(dataId);
}
