import fc from 'fast-check';
import { dot, normOf, plus, scaled } from '../../../core/src/testing/numbers.ts';
import { times } from '../../../core/src/testing/problems.ts';
import type { AnyBackend } from './backends.ts';
import { type Counted, type Loss, landscapeOf } from './bench-of.ts';

/** L(w) = ½ wᵀHw */
export const quadratic =
  (h: readonly (readonly number[])[]): Loss =>
  (w) => ({ loss: dot(w, times(h, w)) / 2, gradient: times(h, w) });

/** How many weights the quadratics have. */
export const size = 5;

/** The landscape of a quadratic, over two leaves. */
export const bowl = (backend: AnyBackend, h: readonly (readonly number[])[], w: readonly number[]): Counted =>
  landscapeOf(backend, quadratic(h), { kernel: [2, 2], bias: [1] }, w);

/** Numbers spread evenly: fast-check's own doubles are mostly tiny. */
export const between = (low: number, high: number): fc.Arbitrary<number> =>
  fc.integer({ min: 0, max: 10_000 }).map((n) => low + ((high - low) * n) / 10_000);

const entry = between(-2, 2);
const vector = fc.array(entry, { minLength: size, maxLength: size }).filter((v) => normOf(v) > 0.5);

/** Weights that are not all small. */
export const someWeights: fc.Arbitrary<number[]> = vector;

/** A symmetric matrix of known spectrum. */
export interface Spectral {
  /** H = Q diag(λ) Qᵀ */
  readonly matrix: readonly (readonly number[])[];
  /** λ, the largest first. */
  readonly eigenvalues: readonly number[];
}

/** Symmetric matrices with these eigenvalues: two reflections turn a diagonal one. */
const turned = (eigenvalues: readonly number[], mirrors: readonly (readonly number[])[]): Spectral => {
  const columns = eigenvalues.map((_, i) => mirrors.reduce(reflected, unit(i)));
  const matrix = eigenvalues.map((_, a) =>
    eigenvalues.map((_, b) =>
      eigenvalues.reduce((sum, lambda, i) => sum + lambda * columns[i]![a]! * columns[i]![b]!, 0),
    ),
  );
  return { matrix, eigenvalues: [...eigenvalues].sort((a, b) => b - a) };
};

const unit = (i: number): number[] => Array.from({ length: size }, (_, j) => (i === j ? 1 : 0));

const reflected = (x: readonly number[], mirror: readonly number[]): number[] =>
  plus(x, (-2 * dot(x, mirror)) / dot(mirror, mirror), mirror);

/** Symmetric matrices of eigenvalues between −3 and 10, one of which is at least 1. */
export const spectral: fc.Arbitrary<Spectral> = fc
  .tuple(
    between(1, 10),
    fc.array(between(-3, 10), { minLength: size - 1, maxLength: size - 1 }),
    fc.tuple(vector, vector),
  )
  .map(([largest, others, mirrors]) => turned([largest, ...others], mirrors));

/** Those whose eigenvalues are at least ½. */
export const convex: fc.Arbitrary<Spectral> = fc
  .tuple(fc.array(between(0.5, 10), { minLength: size, maxLength: size }), fc.tuple(vector, vector))
  .map(([eigenvalues, mirrors]) => turned(eigenvalues, mirrors));

/** ρ a/‖a‖ */
export const ofLength = (rho: number, a: readonly number[]): number[] => scaled(rho / normOf(a), a);
