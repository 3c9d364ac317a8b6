import { describe, expect, it } from 'vitest';
import { every } from './every.ts';
import { plain } from './plain.ts';
import { linear } from './schedule.ts';
import { sgd } from './sgd.ts';
import { sharded } from './sharded.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { f64 } from './testing/kinds.ts';
import { bowl, type Problem } from './testing/problems.ts';
import { train } from './testing/train.ts';
import { climb } from './testing/variants.ts';

const problem = bowl(f64);
const make = (
  variant: Parameters<typeof sharpnessAware>[1],
  learningRate: Parameters<typeof sgd>[0]['learningRate'] = 0.1,
) => sharpnessAware(sgd({ learningRate }), variant, f64.algebra, { offers: ['shards'], nonFinite: 'skip' });

describe('an optimizer counts', () => {
  it.each([
    [plain(), 10],
    [climb(0.1), 20],
    [every(5, climb(0.1)), 12],
    [sharded(climb(0.1), 3), 60],
  ])('the gradients of ten steps: %o', (variant, gradients) => {
    const optimizer = make(variant);
    train(optimizer, problem, 10);
    expect([optimizer.steps, optimizer.skipped, optimizer.gradientEvaluations]).toEqual([10, 0, gradients]);
  });

  it('the gradients of skipped and failed steps too, as far as they were computed', () => {
    const optimizer = make(climb(0.1));
    let asked = 0;
    const thenThrow: Problem['evaluate'] = (weights) => {
      if (++asked === 2) throw new Error('stop');
      return problem.evaluate(weights);
    };
    expect(() => optimizer.step(problem.start, thenThrow)).toThrow('stop');
    expect([optimizer.steps, optimizer.skipped, optimizer.gradientEvaluations]).toEqual([0, 0, 1]);
    optimizer.step(problem.start, (weights) => ({ ...problem.evaluate(weights), loss: Number.NaN }));
    expect([optimizer.steps, optimizer.skipped, optimizer.gradientEvaluations]).toEqual([0, 1, 3]);
  });

  it('the steps that its learning rate goes by, not the failed or skipped ones', () => {
    const optimizer = make(plain(), linear({ from: 1, to: 0, steps: 4 }));
    expect(optimizer.learningRate).toBe(1);
    train(optimizer, problem, 1);
    optimizer.step(problem.start, () => ({ loss: Number.NaN, gradient: problem.start }));
    expect(optimizer.learningRate).toBe(0.75);
    train(optimizer, problem, 10);
    expect(optimizer.learningRate).toBe(0);
  });
});

describe('every', () => {
  it('takes the variant’s step at the first of every k, and the plain gradient between', () => {
    const optimizer = make(every(3, climb(0.1)));
    const [climbing, gliding] = [make(climb(0.1)), make(plain())];
    let weights = problem.start;
    for (let i = 0; i < 7; i++) {
      const expected = (i % 3 === 0 ? climbing : gliding).step(weights, problem.evaluate);
      const result = optimizer.step(weights, problem.evaluate);
      expect(result).toEqual(expected);
      ({ weights } = result);
    }
  });
});
