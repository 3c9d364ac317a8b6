import type { NamedSchedule, Schedule } from './schedule.ts';

/** What numbers an option allows. */
export interface Range {
  /** At least this. */
  readonly min?: number;
  /** More than this. */
  readonly above?: number;
  /** At most this. */
  readonly max?: number;
  /** Less than this. */
  readonly below?: number;
  /** Whole numbers only. */
  readonly integer?: boolean;
}

/**
 * Refuses an option that is not a finite number within a range, in one sentence.
 *
 * @param owner whose option it is: `sam`
 * @param name the option: `ascentSteps`
 * @param or what else the option may be, to complete the sentence
 * @throws RangeError
 */
export function checkNumber(owner: string, name: string, value: unknown, range: Range = {}, or = ''): void {
  const { min = -Infinity, above = -Infinity, max = Infinity, below = Infinity, integer = false } = range;
  const inside =
    typeof value === 'number' &&
    (integer ? Number.isInteger(value) : Number.isFinite(value)) &&
    value >= min &&
    value > above &&
    value <= max &&
    value < below;
  if (!inside) throw new RangeError(`${owner}: ${name} is ${show(value)}; give ${describe(range)}${or}.`);
}

/**
 * Refuses an option that is neither a number of at least 0 nor a schedule of such.
 *
 * @throws RangeError
 */
export function checkSchedule(owner: string, name: string, value: Schedule): void {
  if (typeof value === 'function') return;
  if (typeof value !== 'object' || value === null) checkNumber(owner, name, value, { min: 0 }, ' or a schedule');
  else checkNamed(owner, name, value);
}

function checkNamed(owner: string, name: string, value: NamedSchedule): void {
  const check = (key: string, number: unknown, range: Range): void =>
    checkNumber(owner, `${name}.${key}`, number, range);
  switch (value.schedule) {
    case 'linear':
    case 'cosine':
      check('from', value.from, { min: 0 });
      check('to', value.to, { min: 0 });
      check('steps', value.steps, { min: 1, integer: true });
      break;
    case 'warm-up':
      check('steps', value.steps, { min: 1, integer: true });
      checkSchedule(owner, `${name}.to`, value.to);
      break;
    case 'proportional':
      check('factor', value.factor, { min: 0 });
      break;
    case 'tracking':
      check('from', value.from, { min: 0 });
      check('to', value.to, { min: 0 });
      check('learningRates[0]', value.learningRates?.[0], { min: 0 });
      check('learningRates[1]', value.learningRates[1], { above: value.learningRates[0] });
      break;
    default:
      throw new RangeError(
        `${owner}: ${name} is ${show(value)}; give a number, linear(…), cosine(…), warmUp(…), proportional(…), tracking(…) or a function.`,
      );
  }
}

/**
 * Refuses a learning rate that is neither a number of at least 0 nor a schedule of its own.
 *
 * @throws RangeError
 */
export function checkLearningRate(owner: string, value: Schedule): void {
  checkSchedule(owner, 'learningRate', value);
  if (followsLearningRate(value)) {
    throw new RangeError(`${owner}: learningRate depends on itself; give a number or a schedule of the step.`);
  }
}

function followsLearningRate(value: Schedule): boolean {
  if (typeof value !== 'object') return false;
  if (value.schedule === 'warm-up') return followsLearningRate(value.to);
  return value.schedule === 'proportional' || value.schedule === 'tracking';
}

/**
 * Refuses options that do not exist, so that a misspelt one is not silently without effect.
 *
 * @throws RangeError
 */
export function checkKeys(owner: string, options: object, known: readonly string[]): void {
  for (const key of Object.keys(options)) {
    if (!known.includes(key))
      throw new RangeError(`${owner}: there is no option ${key}; the options are ${known.join(', ')}.`);
  }
}

function show(value: unknown): string {
  return typeof value === 'string' || typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function describe({ min, above, max, below, integer = false }: Range): string {
  const bounds = [
    min !== undefined && `of at least ${min}`,
    above !== undefined && `above ${above}`,
    max !== undefined && `of at most ${max}`,
    below !== undefined && `below ${below}`,
  ].filter((bound) => bound !== false);
  return [integer ? 'an integer' : 'a finite number', bounds.join(' and ')].join(' ').trimEnd();
}
