import jstat from 'jstat';

/** A term of a law, such as x². */
export interface Term {
  readonly text: string;
  readonly of: (x: number) => number;
}

/** A law: t = c₀ + c₁ f₁(x) + …, in milliseconds. */
export interface Law {
  /** That of the constant first. */
  readonly coefficients: readonly number[];
  /** The largest relative deviation of a point. */
  readonly deviation: number;
}

/** A time at x. */
export interface Point {
  readonly x: number;
  readonly ms: number;
}

/** The law from which the points deviate least, by the squares of their relative deviations. */
export function fittedLaw(points: readonly Point[], terms: readonly Term[]): Law {
  const rows = points.map(({ x, ms }) => [1, ...terms.map(({ of }) => of(x))].map((value) => value / ms));
  const coefficients = jstat.lstsq(
    rows,
    rows.map(() => 1),
  );
  const deviation = Math.max(
    ...points.map(({ x, ms }) => Math.abs(lawAt({ coefficients, deviation: 0 }, terms, x) / ms - 1)),
  );
  return { coefficients, deviation };
}

/** The time that a law tells for x, in milliseconds. */
export function lawAt({ coefficients }: Law, terms: readonly Term[], x: number): number {
  return terms.reduce((ms, { of }, k) => ms + coefficients[k + 1]! * of(x), coefficients[0]!);
}

/** `12.3 + 0.45 x` */
export function lawText({ coefficients }: Law, terms: readonly Term[]): string {
  return coefficients
    .map((value, k) => {
      const size = Number(Math.abs(value).toPrecision(3));
      const term = k === 0 ? `${size}` : `${size} ${terms[k - 1]!.text}`;
      if (k === 0) return value < 0 ? `−${term}` : term;
      return `${value < 0 ? '−' : '+'} ${term}`;
    })
    .join(' ');
}
