import type { Variant } from '@flatmin/core';
import { show } from '../check.ts';
import type { VariantRule, VariantTrial } from './subject.ts';

const STEPS = 4;
const UNKNOWN = 'nonsense';

/** The options that a factory takes: where it ends in a combinator, those of the variant within. */
export function optionsOf(variant: Variant): Variant['options'] {
  return variant.made === undefined ? variant.options : optionsOf(variant.made.of);
}

/** A misspelt option is not silently without effect; one that makes no sense is refused at once. */
export const refusesOptions: VariantRule = {
  rule: 'refuses options that there are not, and a negative rho, naming them',
  check(trial) {
    const known = Object.keys(optionsOf(trial.of.make()));
    if (known.length > 0) refuses(trial, UNKNOWN, 1, 'call checkKeys or settings with the options that there are');
    if (known.includes('rho')) refuses(trial, 'rho', -1, 'check the range of rho when the variant is made');
  },
};

function refuses<T>(trial: VariantTrial<T>, name: string, value: unknown, remedy: string): void {
  const expected = `a RangeError that names "${name}", for { ${name}: ${value} }`;
  let made: Variant;
  try {
    made = trial.of.make({ [name]: value });
  } catch (error) {
    trial.expect(error instanceof RangeError && error.message.includes(name), { expected, found: show(error), remedy });
    return;
  }
  trial.fail({ expected, found: `the variant ${made.name}`, remedy });
}

/** A saved optimizer holds its variant's options, and makes it again from them. */
export const tellsOptions: VariantRule = {
  rule: 'tells its options as plain data with all defaults, and is the same when made of them',
  check(trial) {
    const variant = trial.of.make();
    const options = optionsOf(variant);
    const copy = copied(trial, options);
    const undecided = Object.keys(options).find((name) => options[name] === undefined);
    trial.expect(undecided === undefined, {
      expected: 'every option with its value',
      found: `${undecided} undefined`,
      remedy: 'fill in the defaults in the options of the definition',
    });
    const missing = readBy(trial).find((name) => !(name in options));
    trial.expect(missing === undefined, {
      expected: 'every option that there is',
      found: `no ${missing} in ${show(options)}, which it reads when it is made`,
      remedy: `add ${missing} to the options of the definition`,
    });
    const again = trial.of.make(copy);
    const [found, expected] = [trial.train({ variant: again }), trial.train({ variant })];
    for (let t = 0; t < STEPS; t++) {
      found.step();
      expected.step();
      trial.same(expected.numbers(), found.numbers(), {
        remedy: 'give options in the definition all that the steps depend on',
      });
    }
  },
};

function copied<T>(trial: VariantTrial<T>, options: Variant['options']): object {
  try {
    return structuredClone(options);
  } catch (error) {
    trial.fail(
      {
        expected: 'options that can be copied by structuredClone',
        found: show(error),
        remedy: 'keep functions and objects of classes out of the options',
      },
      error,
    );
  }
}

// Which options are looked for when the variant is made.
function readBy<T>({ of: { factory, options } }: VariantTrial<T>): string[] {
  const read = new Set<string>();
  factory(
    new Proxy(options, {
      get: (target, name) => {
        if (typeof name === 'string') read.add(name);
        return Reflect.get(target, name);
      },
    }),
  );
  return [...read];
}
