import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  alike,
  entries,
  flatten,
  leaves,
  map,
  mapSelected,
  mask,
  type ParamTree,
  paths,
  reduce,
  select,
  TreeStructureError,
  unflatten,
  zip,
} from './index.ts';

const name = fc.oneof(fc.string({ minLength: 1, maxLength: 4 }), fc.constantFrom('__proto__', 'constructor', 'length'));
const { tree: anyTree } = fc.letrec<{ tree: ParamTree<number> }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small' },
    fc.integer(),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(name, tie('tree'), { maxKeys: 4 }),
  ),
}));

const network = {
  layers: [
    { kernel: 1, bias: 2 },
    { kernel: 3, bias: 4 },
  ],
  scale: 5,
};

describe('a parameter tree', () => {
  it('keeps its structure under map, which hands each leaf its path', () => {
    expect(map((x: number, path): string => `${path}=${x}`, network)).toEqual({
      layers: [
        { kernel: 'layers/0/kernel=1', bias: 'layers/0/bias=2' },
        { kernel: 'layers/1/kernel=3', bias: 'layers/1/bias=4' },
      ],
      scale: 'scale=5',
    });
  });

  it('may be a single leaf, with the empty path', () => {
    expect(entries(7)).toEqual([['', 7]]);
    expect(map((_: number, path) => `at "${path}"`, 7)).toBe('at ""');
  });

  it('takes typed arrays, class instances and what is no object for leaves, not for branches', () => {
    class Tensor {
      readonly size = 1;
    }
    const tensor = new Tensor();
    const none = [null, undefined, 'text', leaves];
    expect(leaves<unknown>({ a: Float32Array.of(1, 2), b: tensor, c: none })).toEqual([
      Float32Array.of(1, 2),
      tensor,
      ...none,
    ]);
  });

  it('keeps its own type where the leaf type stays', () => {
    const tree = { w: Float32Array.of(1), layers: [Float32Array.of(2)] };
    expectTypeOf(map((x: Float32Array) => x.slice(), tree)).toEqualTypeOf<typeof tree>();
    expectTypeOf(zip((x: Float32Array, _y: Float32Array) => x, tree, tree)).toEqualTypeOf<typeof tree>();
    expectTypeOf(map((x: Float32Array) => x.length, tree)).toEqualTypeOf<ParamTree<number>>();
  });

  it('is the same after map with the identity, after zip with itself, and after a round trip through flatten', () => {
    fc.assert(
      fc.property(anyTree, (tree) => {
        expect(map((x: number) => x, tree)).toEqual(tree);
        expect(zip((x: number, y: number) => (x + y) / 2, tree, tree)).toEqual(tree);
        const flat = flatten(tree);
        expect(unflatten(flat.structure, flat.leaves)).toEqual(tree);
        expect(flat.leaves).toEqual(leaves(tree));
        expect(reduce((sum: number, x: number) => sum + x, 0, tree)).toBe(leaves(tree).reduce((sum, x) => sum + x, 0));
      }),
    );
  });

  it('zips by name, whatever the order of the names', () => {
    expect(zip((x: number, y: number) => x - y, { a: 1, b: 2 }, { b: 20, a: 10 })).toEqual({ a: -9, b: -18 });
  });

  it('zips more than two trees of different leaf types', () => {
    expect(
      zip((x: number, on: boolean, unit: string) => (on ? `${x}${unit}` : ''), [1, 2], [true, false], ['m', 's']),
    ).toEqual(['1m', '']);
  });
});

describe('trees of different structure', () => {
  const refusal = (...trees: ParamTree<number>[]): string => {
    try {
      zip((...all: number[]) => all.length, ...trees);
    } catch (error) {
      expect(error).toBeInstanceOf(TreeStructureError);
      return (error as Error).message;
    }
    return 'no error';
  };

  it('are refused with the path of the difference', () => {
    expect(refusal({ a: { b: 1 } }, { a: { c: 1 } })).toBe(
      'The trees differ at "a/b": one tree lacks it; give trees of the same structure.',
    );
    expect(refusal({ a: [1] }, { a: [1, 2] })).toContain('"a/1": only one tree has it');
    expect(refusal({ a: 1 }, { a: [1] })).toContain('"a": a leaf against an array');
    expect(refusal({ a: [1] }, { a: { 0: 1 } })).toContain('"a": an array against a record');
    expect(refusal({ a: [1] }, { a: 1 })).toContain('"a": an array against a leaf');
    expect(refusal([1], 1)).toContain('the root');
  });

  it('are refused at the third tree too', () => {
    expect(refusal({ a: 1 }, { a: 1 }, { a: { x: 1 } })).toContain('"a"');
  });

  it('do not pass for equal through inherited names', () => {
    expect(refusal({ constructor: 1 }, {})).toContain('"constructor"');
    expect(refusal({}, { constructor: 1 })).toContain('"constructor"');
  });

  it('are refused by an error that knows the path and its own name', () => {
    const act = () => zip((x: number, y: number) => x + y, { a: [1] }, { a: [] });
    expect(act).toThrow(expect.objectContaining({ name: 'TreeStructureError', path: 'a/0' }));
  });

  it('are those that are not alike', () => {
    fc.assert(
      fc.property(anyTree, anyTree, (a, b) => {
        expect(alike(a, a)).toBe(true);
        expect(alike(a, b)).toBe(refusal(a, b) === 'no error');
      }),
    );
  });

  it.each<[ParamTree<number>, ParamTree<number>]>([
    [1, [1]],
    [[1], 1],
    [[1], { 0: 1 }],
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [{ constructor: 1 }, { other: 1 }],
    [{ a: [1, { b: 1 }] }, { a: [1, { b: [] }] }],
  ])('are not alike: %o and %o', (a, b) => {
    expect(alike(a, b)).toBe(false);
    expect(refusal(a, b)).not.toBe('no error');
  });
});

it('is alike to another only where all leaves go together', () => {
  const same = (a: number, b: number): boolean => a === b;
  expect(alike({ a: 1, b: [2, 3] }, { b: [2, 3], a: 1 }, same)).toBe(true);
  expect(alike({ a: 1, b: [2, 3] }, { b: [2, 4], a: 1 }, same)).toBe(false);
  expect(alike(1, 2, same)).toBe(false);
});

describe('selection', () => {
  it('finds leaves by pattern, by path and by value', () => {
    expect(select(/bias$/, network)).toEqual([
      ['layers/0/bias', 2],
      ['layers/1/bias', 4],
    ]);
    expect(select((path) => path.startsWith('layers/1'), network)).toHaveLength(2);
    expect(select((_, x: number) => x > 4, network)).toEqual([['scale', 5]]);
  });

  it('is not confused by a pattern that remembers its place', () => {
    expect(select(/bias/g, network)).toHaveLength(2);
    expect(leaves(mask(/bias/g, network))).toEqual([false, true, false, true, false]);
  });

  it('changes the selected leaves alone', () => {
    expect(mapSelected(/^layers\/0/, (x: number) => -x, network)).toEqual({
      layers: [
        { kernel: -1, bias: -2 },
        { kernel: 3, bias: 4 },
      ],
      scale: 5,
    });
    expect(paths(network)).toContain('layers/1/kernel');
  });
});

it('refuses to unflatten another number of leaves than the structure holds', () => {
  const { structure } = flatten(network);
  expect(() => unflatten(structure, [1, 2])).toThrow(
    'unflatten: the structure holds 5 leaves and 2 were given; give 5.',
  );
});
