import type { Asked, LossAndGradient } from '@flatmin/core';
import { leaves, scramble } from '@flatmin/tree';
import type { Floats } from './layout.ts';
import { weightedMean } from './mean.ts';
import type { Assignment, Gathered, Pool } from './pool.ts';

/** What a step is about. */
export interface BatchStepOptions {
  /** The batch, one part a worker. */
  readonly parts: readonly unknown[];
  /** That of the step before. */
  readonly previous: readonly unknown[];
  /** Before the step. */
  readonly statistics: Floats;
  /** Another for each step. */
  readonly seed: number;
}

/**
 * One step on one batch: answers what a variant asks, by evaluations in a pool.
 *
 * This is where an all-reduce of named float32 trees plugs in: whatever gives the mean loss and gradient of all parts
 * at the weights asked for can stand in the place of {@link BatchStep.evaluate}.
 */
export class BatchStep {
  readonly #pool: Pool;
  readonly #options: BatchStepOptions;
  // How many samples each part of this batch has, as far as is known.
  readonly #sizes: (number | undefined)[];
  readonly #firsts: Gathered[] = [];

  constructor(pool: Pool, options: BatchStepOptions) {
    this.#pool = pool;
    this.#options = options;
    this.#sizes = options.parts.map(() => undefined);
  }

  /** The statistics after the step: the mean of those that its first evaluations came to. */
  get statistics(): Floats {
    const samples = this.#firsts.map((answer) => sum(answer.samples));
    if (leaves(this.#options.statistics).length === 0 || samples.length === 0) return this.#options.statistics;
    return weightedMean(
      this.#firsts.map(({ statistics }) => statistics),
      samples,
    );
  }

  /** How many samples the batch has, as far as it was evaluated. */
  get samples(): number {
    return sum(this.#sizes.map((size = 0) => size));
  }

  /**
   * What core's asynchronous step asks: of all workers, or of the one whose part is asked for.
   *
   * @throws RangeError for parts or samples that there are not
   * @throws WorkerError when a worker ends, hangs or throws
   */
  async evaluate<S extends Floats>(weights: S, asked: Asked): Promise<LossAndGradient<Float32Array, S>> {
    const chosen = this.#workers(asked.shard);
    const among = asked.samples && this.#among(asked.samples, chosen);
    const assignments = among
      ? among.map(({ worker, local }) => this.#assignment(worker, asked, local))
      : chosen.map((worker) => this.#assignment(worker, asked));
    const answer = await this.#pool.evaluate(weights, this.#options.statistics, assignments);
    if (among === undefined && asked.batch !== 'previous')
      for (const [i, worker] of chosen.entries()) this.#sizes[worker] = answer.samples[i];
    if (asked.first) this.#firsts.push(answer);
    const { loss, gradient, losses } = answer;
    return {
      loss,
      gradient: gradient as S,
      ...(asked.losses && { losses: inOrderOfAsking(losses, asked.samples, among) }),
    };
  }

  #assignment(worker: number, { batch, losses, first }: Asked, samples?: readonly number[]): Assignment {
    const { parts, previous, seed } = this.#options;
    const isPrevious = batch === 'previous';
    return {
      worker,
      part: (isPrevious ? previous : parts)[worker],
      seed: scramble(seed + 2 * worker + (isPrevious ? 1 : 0)),
      first,
      ...(samples && { samples }),
      ...(losses && { losses }),
    };
  }

  #workers(shard: Asked['shard']): number[] {
    const { size } = this.#pool;
    if (shard === undefined) return [...this.#options.parts.keys()];
    if (shard.count === size) return [shard.index];
    throw new RangeError(
      `parallel: the variant takes the batch in ${shard.count} parts, and there are ${size} workers, with a part each; make it for ${size} parts, or take ${shard.count} workers.`,
    );
  }

  // Who has which of these samples.
  #among(samples: readonly number[], workers: readonly number[]): Share[] {
    let end = 0;
    const shares = workers.flatMap((worker) => {
      const begin = end;
      end += this.#sizes[worker] ?? Number.NaN;
      const own = samples.filter((sample) => sample >= begin && sample < end);
      return own.length === 0 ? [] : { worker, own, local: own.map((sample) => sample - begin) };
    });
    if (shares.length > 0 && sum(shares.map(({ own }) => own.length)) === samples.length) return shares;
    throw new RangeError(
      Number.isNaN(end)
        ? 'parallel: the variant asks for samples of a batch that was not evaluated in this step; let it evaluate the batch first.'
        : `parallel: the variant asks for the samples [${samples.join(', ')}]; there are samples 0 to ${end - 1} to ask for.`,
    );
  }
}

/** The samples that one worker has of those asked for. */
interface Share {
  readonly worker: number;
  /** As they are counted in the batch. */
  readonly own: readonly number[];
  /** As they are counted in the worker's part. */
  readonly local: readonly number[];
}

// The workers answer one after another, whatever the order of the samples asked for.
function inOrderOfAsking(
  losses: readonly number[],
  samples: readonly number[] = [],
  shares?: readonly Share[],
): readonly number[] {
  if (shares === undefined) return losses;
  const order = shares.flatMap(({ own }) => own);
  return samples.map((sample) => losses[order.indexOf(sample)]!);
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, x) => total + x, 0);
