import type { StepProgramInput } from './protocol.ts';
import { floorOf, medianRatio, type Spread, spreadOf, updateOf } from './statistics.ts';
import { PLAIN } from './step-optimizers.ts';

/** The times of one, round by round. */
export interface Times {
  readonly contestant: StepProgramInput;
  readonly step: readonly number[];
  readonly gradients: number;
  readonly gradient: readonly number[];
}

/** What a step's time is to others': the median over the rounds of (time / other time). */
export interface Ratios {
  /** To the plain step of the same engine. */
  readonly ratioToPlain: number | null;
  /** To the step's gradients, timed in the same process, and one update of the same engine. */
  readonly ratioToFloor: number | null;
  /** To the same optimizer on the native addon. */
  readonly ratioToTensorflow: number | null;
  /** To the same optimizer in PyTorch. */
  readonly ratioToPytorch: number | null;
}

/** One network with one optimizer on one engine. */
export interface StepRow extends Spread, Ratios {
  readonly network: string;
  readonly engine: string;
  readonly optimizer: string;
  readonly batch: number;
  readonly rounds: number;
  /** Gradients of a batch that a step computes. */
  readonly gradients: number;
  /** The ratios of the fastest of each, whatever their rounds: what is left where no other work of the machine disturbs them. */
  readonly ofFastest: Ratios;
}

/** What the times come to. */
export function rowsOf(all: readonly Times[]): StepRow[] {
  const ratios = ratiosOf(all);
  const ofFastest = ratiosOf(
    all.map(({ step, gradient, ...one }) => ({ ...one, step: least(step), gradient: least(gradient) })),
  );
  return all.map(({ contestant: { network, engine, optimizer, batch }, step, gradients }, i) => ({
    ...{ network, engine, optimizer, batch, gradients },
    rounds: step.length,
    ...spreadOf(step),
    ...ratios[i]!,
    ofFastest: ofFastest[i]!,
  }));
}

/** Rounds as one in which each was as fast as in its fastest. */
const least = (times: readonly number[]): number[] => [Math.min(...times)];

function ratiosOf(all: readonly Times[]): Ratios[] {
  return all.map(({ contestant, step, gradients, gradient }) => {
    const { network, engine, optimizer, batch } = contestant;
    const find = (other: string, otherOptimizer: string): Times | undefined =>
      all.find(
        (one) =>
          one.contestant.network === network &&
          one.contestant.batch === batch &&
          one.contestant.engine === other &&
          one.contestant.optimizer === otherOptimizer,
      );
    const plain = find(engine, PLAIN);
    const floor = plain && floorOf(gradient, gradients, updateOf(plain.step, plain.gradient));
    const to = (others: readonly number[] | undefined): number | null =>
      others === undefined ? null : medianRatio(step, others);
    return {
      ratioToPlain: to(plain?.step),
      ratioToFloor: optimizer === PLAIN ? 1 : to(floor),
      ratioToTensorflow: to(find('tensorflow', optimizer)?.step),
      ratioToPytorch: to(find('pytorch', optimizer)?.step),
    };
  });
}
