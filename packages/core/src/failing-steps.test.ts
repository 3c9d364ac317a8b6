import type { Algebra } from '@flatmin/tree';
import { describe, expect, it } from 'vitest';
import { adam } from './adam.ts';
import { type BaseOptimizer, defineBase } from './base.ts';
import { withDiagnostics } from './diagnostics.ts';
import { plain } from './plain.ts';
import { evaluate } from './protocol.ts';
import { sharded } from './sharded.ts';
import { type Optimizer, sharpnessAware } from './sharpness-aware.ts';
import { type Floating, type Floats, f64, flat, type Kind, kinds } from './testing/kinds.ts';
import { bowl, network, type Problem } from './testing/problems.ts';
import { copied } from './testing/train.ts';
import { climb, parallel, restless, smoothed, wsam } from './testing/variants.ts';
import { define, type Variant } from './variant.ts';

type Answer = ReturnType<Problem['evaluate']>;

const base = (): BaseOptimizer => adam({ learningRate: 0.05 });

/** Frees leaves alone, and nothing that stands in the place of one. */
const strict = ({ algebra }: Kind): Algebra<Floats> => ({
  ...algebra,
  dispose: (leaf) => {
    if (!ArrayBuffer.isView(leaf)) throw new TypeError(`${leaf} is no leaf`);
  },
});

const optimizerOf = (variant: Variant, kind: Kind, of = base()): Optimizer<Floats> =>
  sharpnessAware(of, variant, strict(kind), { offers: ['shards', 'previousBatch'], seed: 3 });

function train(optimizer: Optimizer<Floats>, { evaluate }: Problem, steps: number, start: Floating): Floating {
  let weights = start;
  for (let i = 0; i < steps; i++) ({ weights } = optimizer.step(weights, evaluate));
  return weights;
}

/** What can go wrong in an evaluation, and what the error then says. */
const faults: { fault: string; spoil: (answer: Answer) => Answer; message: RegExp }[] = [
  {
    fault: 'a throw',
    spoil: () => {
      throw new Error('out of memory');
    },
    message: /^out of memory$/,
  },
  {
    fault: 'no answer',
    spoil: () => undefined as never,
    message: /evaluation \d returned no loss; return \{ loss, gr/,
  },
  { fault: 'no gradient', spoil: ({ loss }) => ({ loss }) as never, message: /evaluation \d returned no gradient/ },
  {
    fault: 'a gradient that lacks a leaf',
    spoil: ({ loss, gradient }) => {
      const { layers } = gradient as { layers: { kernel: Floats; bias: Floats }[] };
      return { loss, gradient: { layers: [layers[0]!, { kernel: layers[1]!.kernel }] } };
    },
    message: /unlike the weights at "layers\/1\/bias"; return one leaf for each weight\.$/,
  },
  {
    fault: 'a gradient of null',
    spoil: ({ loss }) => ({ loss, gradient: null as never }),
    message: /evaluation \d returned no gradient/,
  },
  {
    fault: 'a gradient with a hole',
    spoil: ({ loss, gradient }) => {
      const { layers } = gradient as { layers: { kernel: Floats; bias: Floats }[] };
      return { loss, gradient: { layers: [{ kernel: layers[0]!.kernel, bias: undefined as never }, layers[1]!] } };
    },
    message: /unlike the weights at "layers\/0\/bias"/,
  },
  {
    fault: 'a gradient of one element that would spread over the weight',
    spoil: ({ loss, gradient }) => {
      const { layers } = gradient as { layers: { kernel: Floats; bias: Floats }[] };
      return { loss, gradient: { layers: [{ ...layers[0]!, kernel: layers[0]!.kernel.slice(0, 1) }, layers[1]!] } };
    },
    message: /a gradient of shape \[1\] at "layers\/0\/kernel" for a weight of shape \[\d+\]; return one element/,
  },
  {
    fault: 'a list for a gradient',
    spoil: ({ loss }) => ({ loss, gradient: [] }),
    message: /unlike the weights; return one leaf/,
  },
  {
    fault: 'a loss that is not finite',
    spoil: ({ gradient }) => ({ loss: Number.NaN, gradient }),
    message: /not finite/,
  },
];

const variants = [
  { variant: plain(), evaluations: 1 },
  { variant: climb(0.05), evaluations: 2 },
  { variant: wsam(0.05), evaluations: 2 },
  { variant: withDiagnostics(smoothed(0.05)), evaluations: 2 },
  { variant: restless(0.05), evaluations: 1 },
  { variant: parallel(0.05), evaluations: 2 },
  { variant: sharded(restless(0.05), 2), evaluations: 2 },
  { variant: sharded(smoothed(0.05), 2), evaluations: 4 },
];

describe.each(kinds)('after a step that failed, over $name,', (kind) => {
  const problem = network(kind);

  // Two steps, one that fails, three more: as if nothing had been, and nothing changed by the failure itself.
  async function expectUntouched(optimizer: Optimizer<Floats>, fail: (weights: Floating) => Promise<unknown>) {
    const before = train(optimizer, problem, 2, problem.start);
    const copy = copied(before);
    await fail(before);
    expect(before).toEqual(copy);
    expect([optimizer.steps, optimizer.skipped]).toEqual([2, 0]);
    return train(optimizer, problem, 3, before);
  }

  describe.each(variants)('$variant.name', ({ variant, evaluations }) => {
    const expected = flat(train(optimizerOf(variant, kind), problem, 5, problem.start));
    const each = Array.from({ length: evaluations }, (_, k) => k + 1);

    it.each(faults)('goes on as if $fault had not been, at whichever evaluation', async ({ spoil, message }) => {
      for (const at of each) {
        const optimizer = optimizerOf(variant, kind);
        const after = await expectUntouched(optimizer, async (weights) => {
          let asked = 0;
          const evaluate: Problem['evaluate'] = (w, about) => {
            const answer = problem.evaluate(w, about);
            return ++asked === at ? spoil(answer) : answer;
          };
          expect(() => optimizer.step(weights, evaluate)).toThrow(message);
        });
        expect(flat(after)).toEqual(expected);
      }
    });

    it('goes on as if a rejected promise had not been, at whichever evaluation', async () => {
      for (const at of each) {
        const optimizer = optimizerOf(variant, kind);
        const after = await expectUntouched(optimizer, async (weights) => {
          let asked = 0;
          const evaluate = async (w: Floating, about: Parameters<Problem['evaluate']>[1]) =>
            ++asked === at ? Promise.reject(new Error('no device')) : problem.evaluate(w, about);
          await expect(optimizer.stepAsync(weights, evaluate)).rejects.toThrow('no device');
        });
        expect(flat(after)).toEqual(expected);
      }
    });
  });

  it('goes on as if the base optimizer had not thrown', async () => {
    const inner = base();
    let broken = false;
    const fragile = defineBase({
      ...inner,
      update: (given) => {
        const update = inner.update(given as never);
        if (broken) throw new Error('the base broke');
        return update as never;
      },
    });
    const optimizer = optimizerOf(smoothed(0.05), kind, fragile);
    const after = await expectUntouched(optimizer, async (weights) => {
      broken = true;
      expect(() => optimizer.step(weights, problem.evaluate)).toThrow('the base broke');
      broken = false;
    });
    expect(flat(after)).toEqual(flat(train(optimizerOf(smoothed(0.05), kind), problem, 5, problem.start)));
  });

  it('goes on as if the variant itself had not thrown', async () => {
    let broken = false;
    const inner = smoothed(0.05);
    const fragile = define({
      ...inner,
      *step(given) {
        const outcome = yield* inner.step(given);
        if (broken) throw new Error('the variant broke');
        return outcome;
      },
    });
    const optimizer = optimizerOf(fragile, kind);
    const after = await expectUntouched(optimizer, async (weights) => {
      broken = true;
      expect(() => optimizer.step(weights, problem.evaluate)).toThrow('the variant broke');
      broken = false;
    });
    expect(flat(after)).toEqual(flat(train(optimizerOf(inner, kind), problem, 5, problem.start)));
  });
});

describe('a synchronous step', () => {
  it('goes on where the variant itself makes do without an evaluation that failed', () => {
    const patient = define({
      name: 'patient',
      *step({ weights: w, math: { scale } }) {
        const { gradient: g } = yield* evaluate(w);
        try {
          yield* evaluate(scale(w, 2));
        } catch {
          return { direction: g };
        }
        throw new Error('the second evaluation did not fail');
      },
    });
    const { start, evaluate: at } = network(f64);
    const optimizer = optimizerOf(patient, f64);
    const { weights } = optimizer.step(start, (w) => {
      if (w !== start) throw new Error('out of memory');
      return at(w);
    });
    expect(weights).toEqual(optimizerOf(plain(), f64).step(start, at).weights);
    expect(optimizer.gradientEvaluations).toBe(1);
  });

  it('tells shapes of several axes', () => {
    const { start, evaluate: at } = bowl(f64);
    const matrices = { ...f64.algebra, shape: ({ length }: Floats) => [length, 2] };
    const optimizer = sharpnessAware(base(), plain(), matrices);
    expect(() =>
      optimizer.step(start, (w) => ({ ...at(w), gradient: { kernel: f64.array([1]), bias: f64.array([1]) } })),
    ).toThrow('returned a gradient of shape [1, 2] at "kernel" for a weight of shape [3, 2]');
  });

  it('refuses by a TypeError what is unlike the weights', async () => {
    const { start, evaluate: at } = bowl(f64);
    const spoiled = (w: Floating) => ({ ...at(w as typeof start), gradient: [] as never });
    const step = optimizerOf(plain(), f64).stepAsync(start, async (w) => spoiled(w));
    // What is thrown must be an error at all: toThrow is content with undefined.
    await expect(step).rejects.toBeInstanceOf(TypeError);
  });

  it('hands on the error of a gradient that throws when it is looked at', () => {
    const { start, evaluate: at } = network(f64);
    const gradient = {
      get layers(): never {
        throw new Error('not computed yet');
      },
    };
    expect(() => optimizerOf(plain(), f64).step(start, (w) => ({ ...at(w), gradient }))).toThrow('not computed yet');
  });

  it('refuses a function that returns a promise', () => {
    const [kind] = kinds;
    const { start, evaluate } = network(kind!);
    const late = (async (weights: Floating) => evaluate(weights)) as never;
    expect(() => optimizerOf(plain(), kind!).step(start, late)).toThrow(
      'step: the function returned a promise; await stepAsync instead.',
    );
  });
});
