import { EigenvalueDecomposition, Matrix } from 'ml-matrix';

/** A symmetric tridiagonal matrix. */
export interface Tridiagonal {
  /** α, the diagonal. */
  readonly diagonal: readonly number[];
  /** β, beside it; one fewer. */
  readonly offDiagonal: readonly number[];
}

/** An eigenvalue with its eigenvector of length 1. */
export interface Eigenpair {
  /** θ */
  readonly value: number;
  /** s */
  readonly vector: readonly number[];
}

/** All eigenvalues of a tridiagonal matrix with their vectors, the largest first. */
export function eigenpairs({ diagonal, offDiagonal }: Tridiagonal): Eigenpair[] {
  const size = diagonal.length;
  const matrix = Matrix.zeros(size, size);
  for (const [i, alpha] of diagonal.entries()) matrix.set(i, i, alpha);
  for (const [i, beta] of offDiagonal.entries()) {
    matrix.set(i, i + 1, beta);
    matrix.set(i + 1, i, beta);
  }
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrix, { assumeSymmetric: true });
  return realEigenvalues
    .map((value, column) => ({ value, vector: eigenvectorMatrix.getColumn(column) }))
    .sort((a, b) => b.value - a.value);
}
