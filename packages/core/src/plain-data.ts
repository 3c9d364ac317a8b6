/** What JSON can write. */
export type PlainData =
  | null
  | boolean
  | number
  | string
  | readonly PlainData[]
  | { readonly [name: string]: PlainData };

/**
 * Options as JSON can write them: numbers that JSON lacks become `{ number: 'Infinity' }`, patterns
 * `{ pattern: 'bias$', flags: '' }`.
 *
 * @param what whose options they are, to begin the error's sentence
 * @throws RangeError for a function or anything else that cannot be written down, naming it
 */
export function toPlain(what: string, value: unknown): PlainData {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : { number: String(value) };
  if (value instanceof RegExp) return { pattern: value.source, flags: value.flags };
  if (Array.isArray(value)) return value.map((element, i) => toPlain(`${what}[${i}]`, element));
  if (isRecord(value)) {
    const given = Object.entries(value).filter(([, entry]) => entry !== undefined);
    return Object.fromEntries(given.map(([name, entry]) => [name, toPlain(`${what}.${name}`, entry)]));
  }
  const kind = typeof value === 'object' ? 'an object of a class' : `a ${typeof value}`;
  throw new RangeError(
    `${what} is ${kind}, which cannot be saved; give a number, a named schedule such as linear(…), a pattern or a list.`,
  );
}

function isRecord(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** What {@link toPlain} was given. */
export function fromPlain(data: PlainData): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map(fromPlain);
  const { number, pattern, flags } = data as Readonly<Record<string, PlainData>>;
  if (typeof number === 'string') return Number(number);
  if (typeof pattern === 'string') return new RegExp(pattern, String(flags));
  return Object.fromEntries(Object.entries(data).map(([name, entry]) => [name, fromPlain(entry)]));
}
