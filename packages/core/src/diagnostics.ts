import { type EvaluateRequest, type Evaluation, type Procedure, relay } from './protocol.ts';
import type { Outcome, Step, Variant } from './variant.ts';

interface Answered<T> {
  readonly request: EvaluateRequest<T>;
  readonly evaluation: Evaluation<T>;
}

/**
 * Adds what a step saw to its report, for any variant; the step itself stays the same, bit for bit.
 *
 * `loss` and `gradientNorm` (‖g‖) are those of the first evaluation; `perturbedLoss`, `epsilonNorm`
 * (‖ε‖ = ‖w̃ − w‖) and `cosine` (of the two gradients; 0 where one is zero) compare it with the last.
 *
 * @example
 * ```ts
 * const optimizer = sharpnessAware(sgd({ learningRate: 0.1 }), withDiagnostics(sam()), float64);
 * const { diagnostics } = optimizer.step(weights, lossAndGradient); // { loss: [0.7], epsilonNorm: [0.05], … }
 * ```
 */
export function withDiagnostics(variant: Variant): Variant {
  return {
    ...variant,
    *step<T>(given: Step<T>): Procedure<T, Outcome<T>> {
      const seen: Answered<T>[] = [];
      const outcome = yield* relay(variant.step(given), {
        answered: (request, answer) => {
          if (request.kind === 'evaluate') seen.push({ request, evaluation: answer as Evaluation<T> });
        },
      });
      const [first, last] = [seen[0], seen.at(-1)];
      if (first === undefined || last === undefined) return outcome;
      return { ...outcome, diagnostics: { ...compare(given, first, last), ...outcome.diagnostics } };
    },
  };
}

function compare<T>({ math, weights }: Step<T>, first: Answered<T>, last: Answered<T>): Record<string, T> {
  const { dot, norm, sub, ofLength } = math;
  const [g, perturbed] = [first.evaluation.gradient, last.evaluation.gradient];
  return {
    loss: first.evaluation.loss,
    perturbedLoss: last.evaluation.loss,
    gradientNorm: norm(g),
    epsilonNorm: norm(sub(last.request.weights, weights)),
    cosine: dot(ofLength(1, g), ofLength(1, perturbed)),
  };
}
