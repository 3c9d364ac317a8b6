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
 * (‖ε‖ = ‖w̃ − w‖) and `cosine` (of the two gradients; 0 where one is zero) compare it with the last (a
 * {@link About.probe | probe} does not count). Where parts of the batch were evaluated on their own, each is compared with itself, and
 * the means are reported.
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
    options: {},
    made: { by: 'withDiagnostics', of: variant },
    *step<T>(given: Step<T>): Procedure<T, Outcome<T>> {
      const seen = new Map<number | undefined, Answered<T>[]>();
      const outcome = yield* relay(variant.step(given), {
        answered: (request, answer) => {
          if (request.kind !== 'evaluate' || request.probe) return;
          const part = request.shard?.index;
          seen.set(part, [...(seen.get(part) ?? []), { request, evaluation: answer as Evaluation<T> }]);
        },
      });
      const reports = [...seen.values()].map((part) => report(given, part));
      if (reports.length === 0) return outcome;
      const own = reports.length === 1 ? reports[0] : (given.math.mean(reports) as Record<string, T>);
      return { ...outcome, diagnostics: { ...own, ...outcome.diagnostics } };
    },
  };
}

function report<T>({ math, weights }: Step<T>, answered: readonly Answered<T>[]): Record<string, T> {
  const { dot, norm, sub, ofLength } = math;
  const first = answered.find(({ request }) => request.batch !== 'previous') ?? answered[0]!;
  const last = answered.at(-1)!;
  const [g, perturbed] = [first.evaluation.gradient, last.evaluation.gradient];
  return {
    loss: first.evaluation.loss,
    perturbedLoss: last.evaluation.loss,
    gradientNorm: norm(g),
    epsilonNorm: norm(sub(last.request.weights, weights)),
    cosine: dot(ofLength(1, g), ofLength(1, perturbed)),
  };
}
