import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sam } from '../../sam/src/sam.ts';
import { bsam, mSam, samOn } from '../../zoo/src/index.ts';
import { accumulate } from './accumulate.ts';
import { clip } from './clip.ts';
import { withDiagnostics } from './diagnostics.ts';
import { every } from './every.ts';
import { plain } from './plain.ts';
import { fromPlain, toPlain } from './plain-data.ts';
import { type Recipe, recipeOf, useVariants, variantOf } from './recipe.ts';
import { rhoByPath } from './rho-by-path.ts';
import { cosine, linear, warmUp } from './schedule.ts';
import { sharded } from './sharded.ts';
import { define, type Variant } from './variant.ts';

const written = (variant: Variant): Recipe => JSON.parse(JSON.stringify(recipeOf(variant)));

function remade(recipe: Recipe): Variant {
  useVariants(sam, bsam, mSam, samOn);
  return variantOf(recipe);
}

describe('a recipe', () => {
  it.each<[string, Variant]>([
    ['a variant at its defaults', sam()],
    ['an infinite option', sam({ p: Number.POSITIVE_INFINITY })],
    ['a nested schedule', sam({ rho: warmUp({ steps: 3, to: cosine({ from: 0.1, to: 0, steps: 9 }) }) })],
    ['an option without a default', bsam({ samples: 100 })],
    ['what is made with sharded, but is no combination', mSam({ shards: 2 })],
    ['a combination', every(5, sharded(sam({ rho: 0.1 }), 2))],
    ['diagnostics', withDiagnostics(plain())],
    ['accumulation', accumulate(4, sam())],
    ['clipping', clip(sam(), { gradients: { value: 1 }, direction: { globalNorm: 2 } })],
    [
      'ρ by path',
      rhoByPath(sam(), [
        [/^embedding/i, 0.1],
        [['bias', 'gamma'], 0],
      ]),
    ],
  ])('of %s makes the same variant after a trip through JSON', (_, variant) => {
    const again = remade(written(variant));
    expect(recipeOf(again)).toEqual(recipeOf(variant));
    expect([again.name, again.options, again.needs, again.made?.by]).toEqual([
      variant.name,
      variant.options,
      variant.needs,
      variant.made?.by,
    ]);
  });

  it('names combinator, options and what it was given', () => {
    expect(recipeOf(every(5, sharded(plain(), 2)))).toEqual({
      name: 'every',
      options: { k: 5 },
      of: { name: 'sharded', options: { count: 2 }, of: { name: 'plain', options: {} } },
    });
  });

  it('is refused for a function, however deep, by its name', () => {
    expect(() => recipeOf(every(2, sam({ rho: () => 0.1 })))).toThrow(
      'sam.rho is a function, which cannot be saved; give a number, a named schedule such as linear(…), a pattern or a list.',
    );
  });

  it('is refused for an object of a class, by its name', () => {
    const odd = define({ name: 'odd', options: { table: [new Map()] }, step: plain().step });
    expect(() => recipeOf(odd)).toThrow('odd.table[0] is an object of a class, which cannot be saved; give');
  });

  it('of a variant that was not made known is refused with the remedy', () => {
    expect(() => variantOf({ name: 'gam', options: {} })).toThrow(
      'The variant "gam" is not known; call useVariants with the function that makes it before loading.',
    );
    expect(() => variantOf({ name: 'constructor', options: {}, of: recipeOf(plain()) })).toThrow(
      'There is no combinator "constructor" (there are accumulate, clip, every, rhoByPath, sharded, withDiagnostics); was this saved by a newer version?',
    );
    expect(() => useVariants(sam() as never)).toThrow('is no function; give the functions that make variants');
  });

  it('with options that make no sense is refused by the variant itself', () => {
    expect(() => remade({ name: 'sam', options: { rho: -1 } })).toThrow('sam: rho is -1');
  });
});

describe('plain data', () => {
  const leaf = fc.oneof(
    fc.double(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom(/bias$/, /a\/b/giu),
    fc.constant(linear({ from: 0, to: 1, steps: 2 })),
  );
  const options = fc.letrec((tie) => ({
    node: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('node')), fc.dictionary(fc.string(), tie('node'))),
  })).node;

  it('leaves out what is undefined in a record, and is refused where it stands in a list', () => {
    expect(toPlain('x', { a: undefined, b: [1] })).toEqual({ b: [1] });
    expect('a' in (toPlain('x', { a: undefined }) as object)).toBe(false);
    expect(() => toPlain('x', { a: [undefined] })).toThrow('x.a[0] is a undefined, which cannot be saved; give');
    expect(toPlain('x', Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 });
  });

  it('comes back from JSON as it was', () => {
    fc.assert(
      fc.property(options, (value) => {
        fc.pre(!JSON.stringify(value)?.match(/"(number|pattern)":"/));
        const back = fromPlain(JSON.parse(JSON.stringify(toPlain('x', value))));
        // JSON has no negative zero.
        expect(JSON.stringify(toPlain('x', back))).toBe(JSON.stringify(toPlain('x', value)));
        if (value instanceof RegExp) expect(back).toEqual(value);
        if (typeof value === 'number' && value !== 0) expect(back).toBe(value);
      }),
    );
  });
});
