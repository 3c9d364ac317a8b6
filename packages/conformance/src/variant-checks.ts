import { type LeafSelector, plain, type Variant } from '@flatmin/core';
import { float64Backend, type SyncBackend } from './backend.ts';
import type { Check } from './check.ts';
import { standardData, standardNames } from './standard-data.ts';
import { asksWhatItDeclares, countsGradients, declares } from './variant/declarations.ts';
import { survivesFailures } from './variant/failures.ts';
import { leavesWeights } from './variant/given-weights.ts';
import { frees } from './variant/leaks.ts';
import { learns } from './variant/learning.ts';
import { hasLimit } from './variant/limit.ts';
import { refusesNonFinite } from './variant/non-finite.ts';
import { optionsOf, refusesOptions, tellsOptions } from './variant/options.ts';
import { awaits, repeats } from './variant/repetition.ts';
import { perturbsSelected } from './variant/selection.ts';
import { declaresState, resumes } from './variant/state.ts';
import { type Subject, type VariantRule, VariantTrial } from './variant/subject.ts';
import { restsOnZero } from './variant/zero-gradient.ts';

/** How {@link variantChecks} go about it. */
export interface VariantChecksOptions<T> {
  /** Over what the variant runs. Default: float64 over typed arrays. */
  readonly backend?: SyncBackend<T>;
  /** The options that the variant is made of. Default: none. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** The options that make ρ zero. Default: `{ rho: 0 }`, where there is a rho. */
  readonly atRhoZero?: Readonly<Record<string, unknown>>;
  /** What is left at ρ = 0. Default: `plain()`; a variant of shards leaves `sharded(plain(), count)`. */
  readonly control?: Variant;
  /** η of the base optimizers. Default 0.02. */
  readonly learningRate?: number;
  /** The leaves that the variant chooses to perturb of itself, such as `['gamma', 'beta']`. Default: all. */
  readonly perturbs?: LeafSelector;
  /** Whether some evaluations are at weights of a step to come, where all leaves have moved. Default false. */
  readonly looksAhead?: boolean;
}

const rules: readonly VariantRule[] = [
  declares,
  asksWhatItDeclares,
  countsGradients,
  learns,
  repeats,
  awaits,
  leavesWeights,
  hasLimit,
  restsOnZero,
  survivesFailures,
  refusesNonFinite,
  declaresState,
  resumes,
  frees,
  perturbsSelected,
  refusesOptions,
  tellsOptions,
];

/**
 * Checks that a variant keeps the rules of the family, by training small networks whose gradients are known.
 *
 * @param make the variant's factory, of its options
 * @returns one check a rule, for any test runner; steps in their errors count from 0
 * @example
 * ```ts
 * for (const { title, run } of variantChecks(sam)) test(title, run);
 * for (const { title, run } of variantChecks(samOn, { perturbs: ['gamma', 'beta'] })) test(title, run);
 * ```
 */
export function variantChecks<T = Float64Array>(
  make: (options: never) => Variant,
  options: VariantChecksOptions<T> = {},
): Check[] {
  const subject = subjectOf(make, options);
  return rules.map(({ rule, check }) => ({
    rule,
    title: `${subject.name} ${rule}`,
    run: async () => {
      const trial = new VariantTrial(subject, rule);
      await trial.run(async () => {
        try {
          await check(trial);
        } finally {
          trial.end();
        }
      });
    },
  }));
}

function subjectOf<T>(
  make: (options: never) => Variant,
  {
    // Typed arrays stand in where no backend is given, and T with them.
    backend = float64Backend as SyncBackend<unknown> as SyncBackend<T>,
    options = {},
    atRhoZero,
    control = plain(),
    learningRate = 0.02,
    perturbs,
    looksAhead = false,
  }: VariantChecksOptions<T>,
): Subject<T> {
  const factory = (given: object): Variant => make(given as never);
  const remade = (changes: object = {}): Variant => factory({ ...options, ...changes });
  const first = remade();
  return {
    name: `${first.name} over ${backend.name}`,
    backend,
    data: Object.fromEntries(standardNames.map((problem) => [problem, standardData(problem)])) as Subject<T>['data'],
    learningRate,
    perturbs,
    looksAhead,
    factory,
    options,
    make: remade,
    atRhoZero: () => remade(atRhoZero ?? ('rho' in optionsOf(first) ? { rho: 0 } : {})),
    control: () => control,
  };
}
