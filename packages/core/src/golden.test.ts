import { describe, expect, it } from 'vitest';
import { adam, adamw } from './adam.ts';
import type { BaseOptimizer } from './base.ts';
import { momentum } from './momentum.ts';
import { plain } from './plain.ts';
import { cosine } from './schedule.ts';
import { sgd } from './sgd.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import golden from './testing/golden.json' with { type: 'json' };
import { distance, f64, flat, kinds } from './testing/kinds.ts';
import { network } from './testing/problems.ts';
import { climb } from './testing/variants.ts';
import type { Variant } from './variant.ts';

type Trace = keyof typeof golden.traces;

const cases: [Trace, BaseOptimizer, Variant][] = [
  ['sgd', sgd({ learningRate: 0.1 }), plain()],
  ['sgd, cosine', sgd({ learningRate: cosine({ from: 0.1, to: 0.01, steps: 20 }) }), plain()],
  ['momentum', momentum({ learningRate: 0.1 }), plain()],
  ['nesterov', momentum({ learningRate: 0.1, momentum: 0.8, nesterov: true }), plain()],
  ['adam', adam({ learningRate: 0.05 }), plain()],
  ['adam, unusual', adam({ learningRate: 0.05, beta1: 0.5, beta2: 0.9, stability: 1e-3 }), plain()],
  ['adamw', adamw({ learningRate: 0.05, weightDecay: 0.1 }), plain()],
  ['adamw, kernels', adamw({ learningRate: 0.05, weightDecay: 0.1, exclude: ['bias'] }), plain()],
  ['sam', momentum({ learningRate: 0.1 }), climb(0.05)],
  ['sam, adam', adam({ learningRate: 0.05 }), climb(0.5)],
];

// Weights after each step, with the losses before it.
function trace(base: BaseOptimizer, variant: Variant, kind = f64) {
  const { start, evaluate } = network(kind);
  const optimizer = sharpnessAware(base, variant, kind.algebra);
  const losses: number[] = [];
  const weights: number[][] = [];
  let w = start;
  for (let i = 0; i < 30; i++) {
    const result = optimizer.step(w, evaluate);
    w = result.weights;
    losses.push(result.loss[0]!);
    weights.push(flat(w));
  }
  return { losses, weights };
}

describe('thirty steps on a network', () => {
  it.each(cases)('of %s are those of PyTorch, in float64 to 1e-12', (name, base, variant) => {
    const { losses, weights } = trace(base, variant);
    const expected = golden.traces[name];
    expect(distance(losses, expected.losses)).toBeLessThan(1e-12);
    for (const [step, numbers] of Object.entries(expected.weights)) {
      expect(distance(weights[Number(step) - 1]!, numbers), `after step ${step}`).toBeLessThan(1e-12);
    }
  });

  it.each(cases)('of %s are those of PyTorch in float32 too, to its precision', (name, base, variant) => {
    const [f32] = kinds;
    const { weights } = trace(base, variant, f32);
    expect(distance(weights.at(-1)!, golden.traces[name].weights[30])).toBeLessThan(1e-4);
  });
});
