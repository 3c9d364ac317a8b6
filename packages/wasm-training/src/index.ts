/**
 * The gradient kernels that the TensorFlow.js WebAssembly backend lacks.
 *
 * @packageDocumentation
 */
export {
  type Registration,
  type RegistrationOptions,
  registerTrainingKernels,
  unregisterTrainingKernels,
} from './register.ts';
