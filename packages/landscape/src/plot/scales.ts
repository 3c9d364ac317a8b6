import { scaleLinear, scaleLog, scaleSymlog } from 'd3-scale';

/** A number on an axis that is marked. */
export interface Tick {
  readonly value: number;
  readonly label: string;
}

/** From values to parts of an axis: 0 at its start, 1 at its end. */
export interface Scale {
  part(value: number): number;
  readonly domain: readonly [from: number, to: number];
  readonly ticks: readonly Tick[];
}

/** About `count` ticks at even distances. `nice` widens the domain to ticks at both ends. */
export function linearScale(domain: readonly [number, number], count: number, nice = false): Scale {
  const scale = scaleLinear().domain(widened(domain));
  if (nice) scale.nice(2 * count);
  const ticks = scale.ticks(count).map((value) => ({ value, label: short(value) }));
  return { part: (value) => scale(value), domain: scale.domain() as [number, number], ticks };
}

/** Powers of ten, with 2 and 5 between them where there are few. */
export function logScale(domain: readonly [number, number], count: number): Scale {
  const [from, to] = widened(domain);
  const scale = scaleLog().domain([from, to]);
  const decades = Math.log10(to / from);
  const inside = (values: readonly number[]): number[] =>
    values.filter((value) => value >= from * (1 - 1e-9) && value <= to * (1 + 1e-9));
  const steps = decades > 0.6 * count ? [1] : decades > 0.35 * count ? [1, 3] : [1, 2, 5];
  const powers = range(Math.floor(Math.log10(from)), Math.ceil(Math.log10(to)));
  const every = Math.max(1, Math.ceil(decades / count));
  const some = powers
    .filter((power) => power % every === 0)
    .flatMap((p) => steps.map((step) => Number(`${step}e${p}`)));
  // Within a part of a decade there may be none of these.
  const values = inside(some).length >= 3 ? inside(some) : inside(scaleLinear().domain([from, to]).ticks(count));
  const asPowers = steps.length === 1 && decades > 4 && values.every((value) => Number.isInteger(Math.log10(value)));
  const labelOf = (value: number): string => (asPowers ? powerOfTen(Math.log10(value)) : short(value));
  return {
    part: (value) => scale(value),
    domain: [from, to],
    ticks: values.map((value) => ({ value, label: labelOf(value) })),
  };
}

/** Linear within ± `constant`, logarithmic beyond: zero, and powers of ten on both sides of it. */
export function symlogScale(domain: readonly [number, number], constant: number): Scale {
  const scale = scaleSymlog().domain(widened(domain)).constant(constant);
  const [from, to] = scale.domain() as [number, number];
  const largest = Math.floor(Math.log10(Math.max(-from, to, constant)) + 1e-9);
  const powers = range(Math.ceil(Math.log10(constant) - 1e-9), largest).map((power) => Number(`1e${power}`));
  const sides = [...powers.map((power) => -power).reverse(), 0, ...powers].filter(
    (value) => value >= from && value <= to,
  );
  return {
    part: (value) => scale(value),
    domain: [from, to],
    ticks: sides.map((value) => ({ value, label: short(value) })),
  };
}

/** A number in few characters: powers of ten where it is far from 1; what is not finite by its name. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size === 0 || (size >= 1e-3 && size < 1e5)) return String(Number(value.toPrecision(6))).replace('-', '−');
  const [digits, power] = value.toExponential(2).split('e') as [string, string];
  const mantissa = Number(digits);
  const factor = Math.abs(mantissa) === 1 ? (mantissa < 0 ? '−' : '') : `${mantissa}·`.replace('-', '−');
  return `${factor}${powerOfTen(Number(power))}`;
}

/** A measured number, to three digits. */
export const rounded = (value: number): string => short(Number(value.toPrecision(3)));

const powerOfTen = (power: number): string => `10${[...String(power)].map((digit) => SUPERSCRIPT[digit]).join('')}`;

const SUPERSCRIPT: Readonly<Record<string, string>> = {
  '-': '⁻',
  ...Object.fromEntries([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((digit, index) => [String(index), digit])),
};

/** A domain of no width has a width, so that the one value is in its middle. */
function widened([from, to]: readonly [number, number]): [number, number] {
  if (from < to) return [from, to];
  const by = Math.abs(from) / 2 || 1;
  return [from - by, from + by];
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
