import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describePacBayes, pacBayes } from './pac-bayes.ts';
import { pacBayesBound } from './pac-bayes-bound.ts';
import { backends } from './testing/backends.ts';
import { type Loss, landscapeOf, measured } from './testing/bench-of.ts';

const small = { parameters: 10, samples: 60_000, weightNorm: 2, rho: 0.1, sharpLoss: 0.05 };

describe('the PAC-Bayes bound', () => {
  it('is h = √{[k log(1 + (‖w‖²/ρ²)(1 + √(log n / k))²) + 4 log(n/δ) + 8 log(6n + 3k)]/(n − 1)} above the worst loss', () => {
    const { complexity, bound, delta } = pacBayes(small);
    const ratio = 400 * (1 + Math.sqrt(Math.log(60_000) / 10)) ** 2;
    const sum = 10 * Math.log(1 + ratio) + 4 * Math.log(60_000 / 0.05) + 8 * Math.log(360_030);
    expect(complexity).toBeCloseTo(Math.sqrt(sum / 59_999), 14);
    expect(bound).toBe(0.05 + complexity);
    expect(delta).toBe(0.05);
  });

  it('is vacuous from 1 on, and says so with all that went into it', () => {
    const vacuous = pacBayes({ ...small, parameters: 1_000_000, delta: 0.01 });
    expect(vacuous.vacuous).toBe(true);
    expect(describePacBayes(vacuous).split('\n')).toEqual([
      'k = 1000000 parameters, n = 60000 samples, ‖w‖ = 2, ρ = 0.1, δ = 0.01.',
      'With probability 1 − δ the loss on unseen data is at most 10 (the complexity) more than the worst loss within ρ of the weights.',
      'The worst loss that was found there is 0.05. So the bound is at least 10.05: an estimate from below, unless no loss within ρ is worse.',
      'The bound is vacuous: a loss in [0, 1] is never more than 1.',
      'It assumes that random perturbations of the weights do not lower the loss on unseen data: L_D(w) ≤ E[L_D(w + ε)], worded for ε_i ∼ N(0, ρ) and needed for ε_i of deviation σ, σ = ρ/(√k + √log n) = 0.00009967.',
    ]);
  });

  it('says that it is not vacuous where it is below 1', () => {
    const bound = pacBayes(small);
    expect(bound.vacuous).toBe(false);
    expect(describePacBayes(bound)).toContain('As estimated the bound is not vacuous: it is less than 1');
    expect(describePacBayes(bound)).toContain(bound.condition);
  });

  it('names the σ of the noise that it is derived with: the logarithm is that of 1 + ‖w‖²/(kσ²)', () => {
    const { parameters: k, samples: n, weightNorm, rho, delta, complexity, condition } = pacBayes(small);
    const logarithm = (complexity ** 2 * (n - 1) - 4 * Math.log(n / delta) - 8 * Math.log(6 * n + 3 * k)) / k;
    const sigma = weightNorm / Math.sqrt(k * Math.expm1(logarithm));
    expect(sigma).toBeCloseTo(rho / (Math.sqrt(k) + Math.sqrt(Math.log(n))), 12);
    expect(condition).toMatch(new RegExp(`= ${sigma.toPrecision(4)}$`));
  });

  it('rounds nothing up to 1: neither a probability nor a bound that is less', () => {
    const { complexity } = pacBayes({ ...small, delta: 1e-5 });
    const described = describePacBayes(pacBayes({ ...small, delta: 1e-5, sharpLoss: 0.99999 - complexity }));
    expect(described).toMatch(/δ = 0\.00001\.\nWith probability 1 − δ /);
    expect(described).toMatch(/the bound is at least 0\.9999\d*: /);
    expect(described).toContain('less than 1');
  });

  it('is what its example says', () => {
    const source = readFileSync(join(import.meta.dirname, 'pac-bayes.ts'), 'utf8');
    const [, given, told] = /^ \* pacBayes\(\{ (.*) \}\)\.bound; \/\/ (\S+)$/m.exec(source)!;
    const numbers = given!.split(', ').map((entry) => entry.split(': '));
    const input = Object.fromEntries(numbers.map(([name, number]) => [name, Number(number!.replace('_', ''))]));
    expect(pacBayes(input as never).bound.toPrecision(3)).toBe(told);
  });

  it('is plain data', () => {
    expect(structuredClone(pacBayes(small))).toEqual(pacBayes(small));
  });

  it('falls with more samples, and rises with more parameters, longer weights, more confidence', () => {
    const { bound } = pacBayes(small);
    expect(pacBayes({ ...small, samples: 120_000 }).bound).toBeLessThan(bound);
    for (const change of [{ parameters: 20 }, { weightNorm: 4 }, { rho: 0.05 }, { delta: 0.01 }]) {
      expect(pacBayes({ ...small, ...change }).bound).toBeGreaterThan(bound);
    }
  });
});

describe.each(backends)('the bound of a network over $name', (backend) => {
  // The loss leads the way, and the share of wrong answers is what is bounded.
  const f: Loss = ([x, y, z]) => ({ loss: 3 * x! + 4 * y! + z! * 0, gradient: [3, 4, 0] });
  const on = landscapeOf(backend, f, { kernel: [1, 2], bias: [1] }, [3, 4, 12]);

  it('takes k and ‖w‖ from the weights, and the worst loss within ρ from the landscape', () => {
    const seen: number[][] = [];
    const loss = (weights: unknown): number => {
      seen.push(on.numbers(weights as never));
      return seen.length === 1 ? 0.125 : 0.25;
    };
    const bound = measured(pacBayesBound({ samples: 1000, rho: 0.5, delta: 0.1 }), { ...on, loss });
    expect(bound).toEqual(
      pacBayes({ parameters: 3, samples: 1000, weightNorm: bound.weightNorm, rho: 0.5, delta: 0.1, sharpLoss: 0.25 }),
    );
    expect(bound.weightNorm).toBeCloseTo(13, 5);
    expect(seen[1]!.map((x) => Number(x.toFixed(5)))).toEqual([3.3, 4.4, 12]); // w + ρ ĝ
  });

  it.each([1, 3])('knows that the weights are within ρ of themselves, after %d steps that find less', (ascentSteps) => {
    let asked = 0;
    const loss = (): number => (asked++ === 0 ? 0.875 : 0.125);
    expect(measured(pacBayesBound({ samples: 1000, ascentSteps }), { ...on, loss }).sharpLoss).toBe(0.875);
  });

  it('takes a mean that left [0, 1] by rounding for what it is', () => {
    const on1 = (loss: number) => measured(pacBayesBound({ samples: 1000 }), { ...on, loss: () => loss }).sharpLoss;
    expect([on1(1 + Number.EPSILON), on1(-6e-8)]).toEqual([1, 0]);
  });

  it.each([1.5, -0.1, Number.NaN])('is refused for a loss of %f, at the weights or beside them', (wrong) => {
    for (const [position, where] of ['w', 'w + ε'].entries()) {
      let asked = 0;
      const loss = (): number => (asked++ === position ? wrong : 0.5);
      expect(() => measured(pacBayesBound({ samples: 1000 }), { ...on, loss })).toThrow(
        new RangeError(
          `pacBayesBound: the loss at ${where} is ${wrong}; give the landscape a loss in [0, 1], such as the share of wrong answers.`,
        ),
      );
    }
  });
});
