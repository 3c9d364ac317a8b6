/**
 * What a backend supplies: the operations on its leaves (arrays, tensors) that training algorithms need.
 *
 * Nothing is changed in place, nothing is consumed, nothing is freed but by `dispose`. A scalar is a leaf
 * of one element and stays where the backend computes (on its device); `read` alone brings one to the host.
 * The second operand of a binary operation has the shape of the first, or one of the two is a scalar.
 *
 * @typeParam T the backend's leaf
 */
export interface Algebra<T> {
  /** a + b */
  add(a: T, b: T | number): T;
  /** a − b */
  sub(a: T, b: T | number): T;
  /** a · b, element by element */
  mul(a: T, b: T | number): T;
  /** a / b, element by element */
  div(a: T, b: T | number): T;
  /**
   * aᵢ + factor · bᵢ for all leaves at once, `a[i]` and `b[i]` of one shape: where a backend has it, it costs less than one
   * leaf after the other. The same numbers, bit for bit: the product is rounded before the sum.
   */
  addScaled?(a: readonly T[], factor: T | number, b: readonly T[]): T[];
  /** √a */
  sqrt(a: T): T;
  /** |a| */
  abs(a: T): T;
  /** −1, 0 or 1 */
  sign(a: T): T;
  /** a to a constant power; 0⁰ = 1 */
  pow(a: T, exponent: number): T;

  /** Σ over all elements of all leaves, to about the precision of one rounding; 0 of none. */
  sum(leaves: readonly T[]): T;
  /** max |x| over all elements of all leaves; 0 of none. */
  peak(leaves: readonly T[]): T;
  /**
   * √Σx² over all elements of all leaves. Squares neither underflow nor overflow on the way: the result is
   * right wherever it can be written. Not finite when an element is not.
   */
  norm(leaves: readonly T[]): T;
  /**
   * Leaves like those given, 1 at the `count` greatest elements over all of them together, else 0. Of equal
   * elements the earlier counts as greater.
   */
  top(leaves: readonly T[], count: number): T[];

  /** `a` where 0 < test < ∞ (`test` a scalar), else zeros: divisions by a norm are made safe by it. */
  guard(test: T, a: T): T;
  /** A leaf of the shape of `like`, filled. */
  full(like: T, value: number): T;
  /** A leaf of one element. */
  scalar(value: number): T;
  /** Standard normal numbers in the shape of `like`; the same for the same seed. */
  normal(like: T, seed: number): T;

  /** How many elements along each axis; none for a scalar. Typed arrays have one axis. */
  shape(a: T): readonly number[];
  /** A second handle on the same data, to be disposed on its own. */
  share(a: T): T;
  /** Frees a leaf. */
  dispose(a: T): void;
  /** A scalar's value on the host. It may wait for the device. */
  read(scalar: T): number;
  /** The same without blocking, where the backend has it. */
  readAsync?(scalar: T): Promise<number>;
}
