import { type Algebra, leaves, map } from '@flatmin/tree';
import { describe, expect, it } from 'vitest';
import { adam } from './adam.ts';
import { momentum } from './momentum.ts';
import { NonFiniteError } from './non-finite.ts';
import { plain } from './plain.ts';
import { evaluate } from './protocol.ts';
import { Session } from './session.ts';
import { sgd } from './sgd.ts';
import { sharded } from './sharded.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { type Floating, type Floats, f64, flat, kinds } from './testing/kinds.ts';
import { network, type Problem } from './testing/problems.ts';
import { climb, restless, smoothed } from './testing/variants.ts';
import { define, treeOf } from './variant.ts';

type Answer = ReturnType<Problem['evaluate']>;

const base = adam({ learningRate: 0.05 });
const advice = "lower the learning rate, check the data, or pass { nonFinite: 'skip' } to skip and count such steps.";

// The loss, or the last element of the gradient's leaf "layers/1/bias", is made another number.
const bad = (answer: Answer, part: 'loss' | 'gradient', value: number): Answer => {
  if (part === 'loss') return { ...answer, loss: value };
  const last = leaves<Floats>(answer.gradient).at(-1)!;
  last[last.length - 1] = value;
  return answer;
};

// `evaluate`, spoiled at one evaluation.
function spoiled({ evaluate }: Problem, at: number, part: 'loss' | 'gradient', value: number): Problem['evaluate'] {
  let asked = 0;
  return (weights, about) => {
    const answer = evaluate(weights, about);
    return ++asked === at ? bad(answer, part, value) : answer;
  };
}

const cases = kinds.flatMap((kind) =>
  [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].flatMap((value) =>
    [1, 2].flatMap((at) => (['loss', 'gradient'] as const).map((part) => ({ kind, value, at, part }))),
  ),
);

describe.each(cases)('$value in the $part of evaluation $at, over $kind.name,', ({ kind, value, at, part }) => {
  const problem = network(kind);

  it('is an error that names it', () => {
    const optimizer = sharpnessAware(base, climb(0.05), kind.algebra);
    const step = () => optimizer.step(problem.start, spoiled(problem, at, part, value));
    const where = part === 'loss' ? '' : ' at "layers/1/bias"';
    expect(step).toThrow(NonFiniteError);
    expect(() => optimizer.step(problem.start, spoiled(problem, at, part, value))).toThrow(
      `climb: the ${part} of evaluation ${at} is not finite${where} (step 0); ${advice}`,
    );
  });

  it('skips the step where that is asked for, and changes nothing', () => {
    const make = () => sharpnessAware(base, smoothed(0.05), kind.algebra, { nonFinite: 'skip' });
    const [optimizer, other] = [make(), make()];
    const first = optimizer.step(problem.start, problem.evaluate);
    const skipped = optimizer.step(first.weights, spoiled(problem, at, part, value));
    expect(skipped.skipped).toMatch(`the ${part} of evaluation ${at} is not finite`);
    expect('skipped' in first).toBe(false);
    expect(skipped.weights).toEqual(first.weights);
    expect([optimizer.steps, optimizer.skipped, optimizer.gradientEvaluations]).toEqual([1, 1, 4]);
    const next = optimizer.step(skipped.weights, problem.evaluate);
    expect(next.skipped).toBeUndefined();
    expect(next.weights).toEqual(
      other.step(other.step(problem.start, problem.evaluate).weights, problem.evaluate).weights,
    );
    expect([optimizer.steps, optimizer.skipped]).toEqual([2, 1]);
  });
});

describe('a step that is skipped', () => {
  const problem = network(f64);

  it('may be the very first', () => {
    const optimizer = sharpnessAware(base, smoothed(0.05), f64.algebra, { nonFinite: 'skip' });
    const { weights, skipped } = optimizer.step(problem.start, spoiled(problem, 1, 'loss', Number.NaN));
    expect(skipped).toBe('the loss of evaluation 1 is not finite');
    expect(weights).toEqual(problem.start);
    const anew = sharpnessAware(base, smoothed(0.05), f64.algebra);
    expect(optimizer.step(weights, problem.evaluate)).toEqual(anew.step(problem.start, problem.evaluate));
  });

  it('is followed by other draws: the same noise would fail again', () => {
    const draws: number[] = [];
    const drawing = define({
      name: 'drawing',
      *step({ weights: w, random }) {
        draws.push(random.uniform());
        return { direction: (yield* evaluate(w)).gradient };
      },
    });
    const optimizer = sharpnessAware(base, drawing, f64.algebra, { nonFinite: 'skip' });
    optimizer.step(problem.start, spoiled(problem, 1, 'loss', Number.NaN));
    optimizer.step(problem.start, problem.evaluate);
    expect(draws[0]).not.toBe(draws[1]);
  });
});

describe('what else is not finite', () => {
  const problem = network(f64);
  const stepOf = (variant: Parameters<typeof sharpnessAware>[1], learningRate = 0.1, evaluateAt = problem.evaluate) =>
    sharpnessAware(momentum({ learningRate }), variant, f64.algebra, { offers: ['shards'] }).step(
      problem.start,
      evaluateAt,
    );
  const dividing = (part: 'direction' | 'shift' | 'state') =>
    define({
      name: 'dividing',
      state: { s: treeOf(0) },
      *step({ weights: w, math: { div, full } }) {
        const { gradient: g } = yield* evaluate(w);
        const broken = div(g, full(w, 0));
        return { direction: g, [part]: part === 'state' ? { s: broken } : broken };
      },
    });

  it('is named: the direction, the shift, a state', () => {
    expect(() => stepOf(dividing('direction'))).toThrow('dividing: the direction is not finite at "layers/0/kernel"');
    expect(() => stepOf(dividing('shift'))).toThrow('dividing: the shift is not finite at "layers/0/kernel"');
    expect(() => stepOf(dividing('state'))).toThrow('dividing: the state "s" is not finite at "layers/0/kernel"');
  });

  it('is found in each shard', () => {
    for (const at of [1, 2, 3, 4]) {
      expect(() => stepOf(sharded(restless(0.05), 4), 0.1, spoiled(problem, at, 'gradient', Number.NaN))).toThrow(
        `the gradient of evaluation ${at} is not finite at "layers/1/bias"`,
      );
    }
  });

  it('is refused in the weights after the update, whatever the variant returned', () => {
    for (const nonFinite of ['error', 'skip'] as const) {
      const optimizer = sharpnessAware(sgd({ learningRate: 1e308 }), plain(), f64.algebra, { nonFinite });
      const steep: Problem['evaluate'] = (weights) => {
        const { loss, gradient } = problem.evaluate(weights);
        return { loss, gradient: scaled(gradient, 1e10) };
      };
      expect(() => optimizer.step(problem.start, steep)).toThrow(
        'sgd: a weight after the update is not finite at "layers/0/kernel" (step 0); lower the learning rate.',
      );
      expect(optimizer.steps).toBe(0);
    }
  });

  it('is refused in the base optimizer’s state, which would stop all learning in silence', () => {
    const [f32] = kinds;
    const { start, evaluate: at } = network(f32!);
    const optimizer = sharpnessAware(base, plain(), f32!.algebra);
    const steep: Problem['evaluate'] = (weights) => {
      const { loss, gradient } = at(weights);
      for (const leaf of leaves<Floats>(gradient)) leaf.fill(1e25);
      return { loss, gradient };
    };
    expect(() => optimizer.step(start, steep)).toThrow('adam: the state "v" is not finite at "layers/0/kernel"');
  });

  it('is looked for by one read alone, as long as all is well', () => {
    let reads = 0;
    const algebra: Algebra<Floats> = {
      ...f64.algebra,
      read: (scalar) => {
        reads++;
        return f64.algebra.read(scalar);
      },
    };
    const { start, evaluate: at } = network(f64);
    const session = new Session(climb(0.05), algebra);
    session.run(start, 0.1, { evaluate: ({ weights }) => ({ ...at(weights), loss: f64.array([1]) }) });
    expect(reads).toBe(1);
  });

  it('is a norm that cannot be written, though every element can', () => {
    const huge: Problem['evaluate'] = (weights) => ({
      loss: 1,
      gradient: scaled(problem.evaluate(weights).gradient, 0, 4e307),
    });
    expect(() => stepOf(plain(), 0.1, huge)).toThrow(
      'plain: the norm of the gradient of evaluation 1 is too large to be written (step 0)',
    );
  });

  it('is not the loss or gradient of a step that is merely large', () => {
    const large: Problem['evaluate'] = (weights) => ({
      loss: 1e300,
      gradient: scaled(problem.evaluate(weights).gradient, 1e200),
    });
    const { weights } = stepOf(climb(0.05), 1e-200, large);
    expect(flat(weights).every(Number.isFinite)).toBe(true);
  });
});

// factor · tree + offset
const scaled = (tree: Floating, factor: number, offset = 0): Floating =>
  map<Floats, Floats>((x) => f64.algebra.add(f64.algebra.mul(x, factor), offset), tree);
