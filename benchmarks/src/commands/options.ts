import { Option } from 'commander';
import { UsageError } from '../errors.ts';

/** What a number given on the command line must be. */
export interface NumberRule {
  readonly whole?: boolean;
  readonly least?: number;
  /** Greater than this. */
  readonly above?: number;
  /** Less than this. */
  readonly below?: number;
  readonly most?: number;
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/** An option with one number. */
export function numberOption(flags: string, description: string, rule: NumberRule, byDefault?: number): Option {
  const option = new Option(flags, description).default(byDefault);
  return option.argParser((text: string) => parseNumber(option, text, rule));
}

/** An option with numbers between commas. */
export function numbersOption(flags: string, description: string, rule: NumberRule, byDefault?: number[]): Option {
  const option = new Option(flags, description).default(byDefault, byDefault?.join());
  return option.argParser((text: string) => items(text).map((item) => parseNumber(option, item, rule)));
}

/** An option with one of the names in a table. */
export function nameOption(
  flags: string,
  description: string,
  table: ReadonlyMap<string, unknown>,
  byDefault?: string,
): Option {
  const option = new Option(flags, `${description}: ${list(table)}`).default(byDefault);
  return option.argParser((text: string) => parseName(option, text, table));
}

/** An option with names of a table between commas, or `all` of them. */
export function namesOption(
  flags: string,
  description: string,
  table: ReadonlyMap<string, unknown>,
  byDefault?: string[],
): Option {
  const option = new Option(flags, `${description}: ${list(table)}, or all`).default(byDefault, byDefault?.join());
  return option.argParser((text: string) =>
    text === 'all' ? [...table.keys()] : items(text).map((item) => parseName(option, item, table)),
  );
}

function items(text: string): string[] {
  return text.split(',').map((item) => item.trim());
}

/** The number that a text stands for. */
export function parseNumber(option: Option, text: string, rule: NumberRule): number {
  const value = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!allows(rule, value)) throw new UsageError(`${option.long} ${quoted(text)} must be ${describe(rule)}`);
  return value;
}

function parseName(option: Option, text: string, table: ReadonlyMap<string, unknown>): string {
  if (!table.has(text)) throw new UsageError(`${option.long} ${quoted(text)} must be one of ${list(table)}`);
  return text;
}

function allows({ whole, least, above, below, most }: NumberRule, value: number): boolean {
  return (
    Number.isFinite(value) &&
    (!whole || Number.isSafeInteger(value)) &&
    (least === undefined || value >= least) &&
    (above === undefined || value > above) &&
    (below === undefined || value < below) &&
    (most === undefined || value <= most)
  );
}

function describe({ whole, least, above, below, most }: NumberRule): string {
  const bounds = [
    least !== undefined && `at least ${least}`,
    above !== undefined && `greater than ${above}`,
    below !== undefined && `less than ${below}`,
    most !== undefined && `at most ${most}`,
  ].filter((bound) => bound !== false);
  return `a ${whole ? 'whole ' : ''}number${bounds.length > 0 ? `, ${bounds.join(' and ')}` : ''}`;
}

function list(table: ReadonlyMap<string, unknown>): string {
  return [...table.keys()].join(', ');
}

/** Makes an empty value visible. */
function quoted(text: string): string {
  return /^\S+$/.test(text) ? text : JSON.stringify(text);
}
