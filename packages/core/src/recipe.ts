import { accumulate } from './accumulate.ts';
import { clip } from './clip.ts';
import { withDiagnostics } from './diagnostics.ts';
import { every } from './every.ts';
import { plain } from './plain.ts';
import { fromPlain, type PlainData, toPlain } from './plain-data.ts';
import { rhoByPath } from './rho-by-path.ts';
import { sharded } from './sharded.ts';
import type { Variant } from './variant.ts';

/** A variant as plain data, from which {@link variantOf} makes it again. */
export interface Recipe {
  /** The variant's name, or the combinator's. */
  readonly name: string;
  /** Its options. */
  readonly options: { readonly [name: string]: PlainData };
  /** What the combinator was given. */
  readonly of?: Recipe;
}

/** A function from options to a variant, such as `sam`. */
export type VariantMaker = (options: never) => Variant;

type Options = Readonly<Record<string, never>>;

const known = new Set<VariantMaker>([plain]);

/** Makes a variant of another, by the name under which it does so. */
const combinators: Readonly<Record<string, (variant: Variant, options: Options) => Variant>> = {
  accumulate: (variant, { k }) => accumulate(k!, variant),
  clip: (variant, options) => clip(variant, options),
  every: (variant, { k }) => every(k!, variant),
  rhoByPath: (variant, { factors }) => rhoByPath(variant, factors!),
  sharded: (variant, { count }) => sharded(variant, count!),
  withDiagnostics: (variant) => withDiagnostics(variant),
};

/**
 * Makes variants known by their names, so that what was saved with them can be loaded. Nothing is known by itself,
 * save `plain`, or a program would carry all variants there are.
 *
 * @example
 * ```ts
 * useVariants(sam, gsam);
 * variantOf({ name: 'sam', options: { rho: 0.05 } }); // sam({ rho: 0.05 })
 * ```
 */
export function useVariants(...makers: readonly VariantMaker[]): void {
  for (const maker of makers) {
    if (typeof maker !== 'function') {
      throw new TypeError(
        `useVariants: ${String(maker)} is no function; give the functions that make variants, such as useVariants(sam).`,
      );
    }
    known.add(maker);
  }
}

/**
 * A variant as plain data: its name and options, and what it was made of.
 *
 * @throws RangeError for an option that cannot be written down, such as a function as schedule
 * @example
 * ```ts
 * recipeOf(every(5, sam({ rho: 0.1 }))); // { name: 'every', options: { k: 5 }, of: { name: 'sam', … } }
 * ```
 */
export function recipeOf({ name, options, made }: Variant): Recipe {
  const plainOptions = toPlain(made?.by ?? name, options) as Recipe['options'];
  if (made === undefined) return { name, options: plainOptions };
  return { name: made.by, options: plainOptions, of: recipeOf(made.of) };
}

/**
 * The variant that a recipe tells.
 *
 * @throws RangeError for a variant that was not made known, and for options that make no sense
 */
export function variantOf({ name, options, of }: Recipe): Variant {
  const given = fromPlain(options) as Options;
  if (of === undefined) return made(name, given);
  const combinator = Object.hasOwn(combinators, name) ? combinators[name] : undefined;
  if (combinator === undefined) {
    throw new RangeError(
      `There is no combinator "${name}" (there are ${Object.keys(combinators).join(', ')}); was this saved by a newer version?`,
    );
  }
  return combinator(variantOf(of), given);
}

function made(name: string, options: Options): Variant {
  // Some makers have options without a default: what they are called shows with the saved options only.
  const nameless: VariantMaker[] = [];
  for (const maker of known) {
    const found = attempt(maker)?.name;
    if (found === name) return maker(options as never);
    if (found === undefined) nameless.push(maker);
  }
  for (const maker of nameless) {
    const variant = attempt(maker, options);
    if (variant?.name === name) return variant;
  }
  throw new RangeError(
    `The variant "${name}" is not known; call useVariants with the function that makes it before loading.`,
  );
}

function attempt(maker: VariantMaker, options?: Options): Variant | undefined {
  try {
    return maker(options as never);
  } catch {
    return undefined;
  }
}
