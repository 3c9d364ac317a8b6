/** @packageDocumentation The gradient kernels that the TensorFlow.js WebAssembly backend lacks. */
export {};
