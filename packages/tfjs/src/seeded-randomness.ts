import { uniforms } from '@flatmin/tree';

/** Runs a synchronous function whose `Math.random()` draws depend on a seed alone: TensorFlow.js seeds dropout and noise from them. */
export function withSeededRandomness<R>(seed: number, f: () => R): R {
  const original = Math.random;
  Math.random = uniforms(seed);
  try {
    return f();
  } finally {
    Math.random = original;
  }
}
