import { describe, expect, it } from 'vitest';
import { momentum } from './momentum.ts';
import { evaluate, type Procedure } from './protocol.ts';
import { Session } from './session.ts';
import { sgd } from './sgd.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { distance, type Floating, type Floats, flat, kinds } from './testing/kinds.ts';
import { bowl, hessian, times } from './testing/problems.ts';
import { train } from './testing/train.ts';
import { msam, parallel, smoothed, wsam } from './testing/variants.ts';
import { define, type Outcome, type Step } from './variant.ts';

const eta = 0.05;
const rho = 0.3;
const gradientAt = (w: readonly number[]): number[] => times(hessian, w);
const plus = (a: readonly number[], c: number, b: readonly number[]): number[] => a.map((x, i) => x + c * b[i]!);
const ofLength = (length: number, a: readonly number[]): number[] => {
  const norm = Math.hypot(...a);
  return norm === 0 ? [...a] : a.map((x) => (length * x) / norm);
};

// The protocol carries more than SAM: each is compared with a loop over plain numbers.
describe.each(kinds)('over $name', (kind) => {
  const problem = bowl(kind);
  const run = (variant: Parameters<typeof sharpnessAware>[1], steps = 20) => {
    const optimizer = sharpnessAware(sgd({ learningRate: eta }), variant, kind.algebra, { offers: ['previousBatch'] });
    return flat(train(optimizer, problem, steps));
  };

  it('Momentum-SAM asks once, displaced by its own state', () => {
    let w = flat(problem.start);
    let v = w.map(() => 0);
    for (let i = 0; i < 20; i++) {
      v = plus(gradientAt(plus(w, -1, ofLength(rho, v))), 0.9, v);
      w = plus(w, -eta, v);
    }
    expect(distance(run(msam(rho)), w)).toBeLessThan(100 * kind.rounding);
  });

  it('weighted SAM, decoupled, shifts the weights after the base step', () => {
    let w = flat(problem.start);
    for (let i = 0; i < 20; i++) {
      const g = gradientAt(w);
      const perturbed = gradientAt(plus(w, 1, ofLength(rho, g)));
      w = plus(plus(w, -eta, g), -eta * 1.5, plus(perturbed, -1, g)); // a = 0.6/(1 − 0.6)
    }
    expect(distance(run(wsam(rho, 0.6)), w)).toBeLessThan(100 * kind.rounding);
  });

  it('weighted SAM, decoupled, keeps the shift out of the base optimizer’s momentum', () => {
    let w = flat(problem.start);
    let v = w.map(() => 0);
    for (let i = 0; i < 20; i++) {
      const g = gradientAt(w);
      const perturbed = gradientAt(plus(w, 1, ofLength(rho, g)));
      v = plus(g, 0.9, v);
      w = plus(plus(w, -eta, v), -eta * 1.5, plus(perturbed, -1, g));
    }
    const optimizer = sharpnessAware(momentum({ learningRate: eta }), wsam(rho, 0.6), kind.algebra);
    expect(distance(flat(train(optimizer, problem, 20)), w)).toBeLessThan(1000 * kind.rounding);
  });

  it('a running mean of gradients is carried from step to step', () => {
    let w = flat(problem.start);
    let d = w.map(() => 0);
    for (let i = 0; i < 20; i++) {
      d = plus(
        d.map((x) => 0.6 * x),
        0.4,
        gradientAt(w),
      );
      w = plus(w, -eta, gradientAt(plus(w, 1, ofLength(rho, d))));
    }
    expect(distance(run(smoothed(rho, 0.4)), w)).toBeLessThan(100 * kind.rounding);
  });

  it('what a step does not return is not there in its proposal', () => {
    const entries = (outcome: (gradient: Floating) => Outcome<Floats>): string[] => {
      const some = define({
        name: 'some',
        *step<T>({ weights: w }: Step<T>): Procedure<T, Outcome<T>> {
          const { gradient } = yield* evaluate(w);
          return outcome(gradient as Floating) as Outcome<T>;
        },
      });
      const { start, evaluate: at } = problem;
      const proposal = new Session<Floats>(some, kind.algebra).run(start, eta, {
        evaluate: ({ weights }) => ({ ...at(weights), loss: kind.array([1]) }),
      });
      return Object.keys(proposal).filter((name) => ['direction', 'shift', 'skipped'].includes(name));
    };
    expect(entries((g) => ({ direction: g }))).toEqual(['direction']);
    expect(entries((g) => ({ shift: g }))).toEqual(['shift']);
    expect(entries(() => ({}))).toEqual([]);
  });

  it('two evaluations at once come back in their order', () => {
    let w = flat(problem.start);
    let before = w.map(() => 0);
    for (let i = 0; i < 20; i++) {
      const away = ofLength(rho, before);
      const [back, here] = [gradientAt(plus(w, 1, away)), gradientAt(plus(w, -1, away))];
      w = plus(
        w,
        -eta,
        back.map((x, k) => (x + here[k]!) / 2),
      );
      before = here;
    }
    expect(distance(run(parallel(rho)), w)).toBeLessThan(100 * kind.rounding);
  });
});
