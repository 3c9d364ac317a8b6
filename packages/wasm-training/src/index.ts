/**
 * The gradient kernels that the TensorFlow.js WebAssembly backend lacks.
 *
 * @packageDocumentation
 */
export { type Registration, registerTrainingKernels, unregisterTrainingKernels } from './register.ts';
