import { algebra } from './list/algebra.mjs';
import { diagnostics } from './list/diagnostics.mjs';
import { evaluations } from './list/evaluations.mjs';
import { fit } from './list/fit.mjs';
import { optimizers } from './list/optimizers.mjs';
import { saving } from './list/saving.mjs';
import { slots } from './list/slots.mjs';
import { trainer } from './list/trainer.mjs';
import { variables } from './list/variables.mjs';
import { sourceOf, testNames } from './sandbox.mjs';

/**
 * Plausible mistakes, each a text of a file of `packages/tfjs/src`, what it becomes, and the files of tests of which one
 * must notice.
 */
export const mutants = [
  ...evaluations,
  ...variables,
  ...optimizers,
  ...slots,
  ...saving,
  ...trainer,
  ...fit,
  ...diagnostics,
  ...algebra,
];

/** What is wrong with a mutant, such as a text that is no longer there; undefined for nothing. */
export function troubleWith({ file, from, to, tests }) {
  const times = sourceOf(file).split(from).length - 1;
  if (times !== 1) return `the text is there ${times} times; give one that is there once`;
  if (from === to) return 'the text becomes itself';
  const missing = tests.find((name) => !testNames().includes(name));
  return missing === undefined ? undefined : `there is no ${missing}.test.ts`;
}
