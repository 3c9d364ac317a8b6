import { CheckpointError } from './checkpoint-error.ts';
import { dtypeOf } from './dtypes.ts';
import { Malformed } from './malformed.ts';
import type { Plain, TypedArray } from './plain.ts';

/**
 * What JSON can say of a value: its arrays are taken out and `{ "$array": name }` stands in their place, numbers that
 * JSON lacks stand as `{ "$number": "NaN" }`, and a record's own name that starts with `$` gets one more.
 */
export type Outline = null | boolean | number | string | readonly Outline[] | { readonly [name: string]: Outline };

const ARRAY = '$array';
const NUMBER = '$number';
const MAX_DEPTH = 200;

/** A value as its outline and the arrays that were taken out, each under the path where it stood. */
export function takeApart(value: Plain): { outline: Outline; arrays: ReadonlyMap<string, TypedArray> } {
  const arrays = new Map<string, TypedArray>();
  return { outline: outlineOf(value, [], arrays), arrays };
}

/** The value of an outline. `take` gives the array of a name. */
export function putTogether(outline: Outline, take: (name: Outline) => TypedArray, depth = 0): Plain {
  if (depth > MAX_DEPTH) throw new Malformed(`nests more than ${MAX_DEPTH} deep`);
  if (typeof outline !== 'object' || outline === null) return outline;
  const inner = (item: Outline): Plain => putTogether(item, take, depth + 1);
  if (isList(outline)) return outline.map(inner);
  const entries = Object.entries(outline);
  const [[name, content] = []] = entries;
  if (entries.length === 1 && name === ARRAY) return take(content!);
  if (entries.length === 1 && name === NUMBER) return numberNamed(content!);
  return Object.fromEntries(entries.map(([name, item]) => [unescapedName(name), inner(item)]));
}

function outlineOf(value: unknown, path: readonly string[], arrays: Map<string, TypedArray>): Outline {
  if (path.length > MAX_DEPTH) throw refusal(path, `is nested more than ${MAX_DEPTH} deep; does it contain itself?`);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return numberOutline(value);
  if (isTypedArray(value)) {
    const name = unusedName(path, arrays);
    arrays.set(name, value);
    return { [ARRAY]: name };
  }
  const inner = (item: unknown, name: string | number): Outline => outlineOf(item, [...path, String(name)], arrays);
  if (Array.isArray(value)) return Array.from(value, inner); // holes are undefined, and refused as such
  if (isRecord(value)) {
    // From entries, so that `__proto__` is a name like every other.
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [escapedName(name), inner(item, name)]));
  }
  if (value === undefined) throw refusal(path, 'is undefined; leave it out or use null.');
  throw refusal(
    path,
    `is of type ${typeName(value)}, which a checkpoint cannot hold; use null, booleans, numbers, strings, typed arrays, arrays and plain records.`,
  );
}

/** The path, and a number behind it where two paths read the same. */
function unusedName(path: readonly string[], arrays: ReadonlyMap<string, TypedArray>): string {
  const wanted = path.length === 0 ? 'value' : path.join('/').replace(/\p{Surrogate}/gu, '\uFFFD');
  let name = wanted;
  for (let count = 2; arrays.has(name) || name === '__metadata__'; count++) name = `${wanted}#${count}`;
  return name;
}

function numberOutline(value: number): Outline {
  if (Object.is(value, -0)) return { [NUMBER]: '-0' };
  return Number.isFinite(value) ? value : { [NUMBER]: String(value) };
}

function numberNamed(name: Outline): number {
  if (typeof name === 'string' && ['NaN', 'Infinity', '-Infinity', '-0'].includes(name)) return Number(name);
  throw new Malformed('holds a number of no known name');
}

const escapedName = (name: string): string => (name.startsWith('$') ? `$${name}` : name);

function unescapedName(name: string): string {
  if (!name.startsWith('$')) return name;
  if (name.startsWith('$$')) return name.slice(1);
  throw new Malformed('holds a mark of no known meaning');
}

const isList = (outline: object): outline is readonly Outline[] => Array.isArray(outline);

const isTypedArray = (value: unknown): value is TypedArray => ArrayBuffer.isView(value) && dtypeOf(value) !== undefined;

/** Whether it is a record of no class, of this realm or another, and with nothing under symbols. */
function isRecord(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  const plain = prototype === null || Object.getPrototypeOf(prototype) === null;
  return plain && Object.getOwnPropertySymbols(value).length === 0;
}

function typeName(value: unknown): string {
  if (typeof value !== 'object' || value === null) return typeof value;
  if (Object.getOwnPropertySymbols(value).length > 0) return 'record with symbols as names';
  return String(Object.getPrototypeOf(value)?.constructor?.name);
}

function refusal(path: readonly string[], trouble: string): CheckpointError {
  const shown = path.length > 8 ? [...path.slice(0, 4), '…', ...path.slice(-3)] : path;
  return new CheckpointError(`${path.length === 0 ? 'The value' : `"${shown.join('/')}"`} ${trouble}`);
}
