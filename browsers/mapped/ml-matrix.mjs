// ml-matrix as a module that a browser can load: what it publishes as one is a facade over CommonJS.
import '/node_modules/ml-matrix/matrix.umd.js';

export const { EigenvalueDecomposition, Matrix } = globalThis.mlMatrix;
