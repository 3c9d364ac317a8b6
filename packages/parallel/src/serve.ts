import { copied, type Floats, type Layout, layoutOf, write } from './layout.ts';
import { handedOver } from './memory.ts';
import type { EvaluateOrder, OpenOrder, Order, Report, Task } from './protocol.ts';

/** Who a worker is. */
export interface Place {
  /** Which worker, from 0. */
  readonly index: number;
  /** How many there are. */
  readonly count: number;
  /** The driver's option `data`. */
  readonly data: unknown;
}

/** What an evaluation is about. */
export interface Evaluating<P> extends Task {
  /** The worker's part of the batch. */
  readonly part: P;
  /** Before the step, as in {@link Replica.statistics}. */
  readonly statistics: Floats;
}

/** What an evaluation comes to. */
export interface EvaluatedPart {
  /** The mean over the samples. Where losses `only` are asked for it is not looked at. */
  readonly loss: number;
  /** ∇L, in the structure of the weights. Where losses `only` are asked for it may be absent. */
  readonly gradient?: Floats;
  /** How many samples the mean is over. */
  readonly samples: number;
  /** The statistics after it, where the replica has some. They count where {@link Task.first} is true. */
  readonly statistics?: Floats;
  /** One a sample, where they are asked for. */
  readonly losses?: readonly number[];
}

/**
 * One worker's copy of the model. It answers by what it is told alone: weights, statistics, seed and part. What it keeps
 * from one evaluation to the next must not show, so that a fresh one can take its place.
 */
export interface Replica<P> {
  /** The weights to begin with. The driver takes those of worker 0. */
  readonly weights: Floats;
  /** What the model keeps beside the weights, such as BatchNorm's moving means. Default: nothing. */
  readonly statistics?: Floats;
  /**
   * Loss and gradient at these weights.
   *
   * @param weights views that are good until the evaluation is over: to be read, and not to be kept
   */
  evaluate(weights: Floats, evaluating: Evaluating<P>): EvaluatedPart | Promise<EvaluatedPart>;
}

/** The driver, as the worker sees it. */
export interface Driver {
  /** Sends a report; what is in `transfer` is then the driver's. */
  send(report: Report, transfer: ArrayBuffer[]): void;
  /** Hears every order. */
  listen(listener: (order: Order) => void): void;
}

/** Answers a driver's orders, one after another. */
export function answer<P>(driver: Driver, open: (place: Place) => Replica<P> | Promise<Replica<P>>): void {
  let replica: Promise<Replica<P>> | undefined;
  let layout: Layout | undefined;

  const opened = async ({ index, count, data }: OpenOrder): Promise<void> => {
    try {
      replica = Promise.resolve(open({ index, count, data }));
      const { weights, statistics = {} } = await replica;
      layout = layoutOf([weights, statistics]);
      driver.send({ kind: 'ready', weights: copied(weights), statistics: copied(statistics) }, []);
    } catch (error) {
      driver.send(failure(error), []);
    }
  };
  const evaluated = async (order: EvaluateOrder): Promise<void> => {
    const { inbox, outbox } = order;
    const boxes = handedOver(inbox, outbox);
    try {
      driver.send({ kind: 'answer', ...(await evaluation(await replica!, layout!, order)), inbox, outbox }, boxes);
    } catch (error) {
      driver.send({ ...failure(error), inbox, outbox }, boxes);
    }
  };
  driver.listen((order) => (order.kind === 'open' ? opened(order) : evaluated(order)));
  driver.send({ kind: 'serving' }, []);
}

type Told = { readonly loss: number; readonly samples: number; readonly losses?: readonly number[] };

/** Evaluates, and writes the outbox. */
async function evaluation<P>(replica: Replica<P>, layout: Layout, order: EvaluateOrder): Promise<Told> {
  const { inbox, outbox, kind: _, part, ...task } = order;
  const [weights, statistics] = layout.views(inbox);
  const [toGradient, toStatistics] = layout.views(outbox);
  const { loss, gradient, samples, losses, ...after } = await replica.evaluate(weights, {
    ...task,
    part: part as P,
    statistics,
  });
  if (!Number.isInteger(samples) || samples < 1) {
    throw new TypeError(
      `evaluate returned samples ${String(samples)}; return how many samples the loss is the mean of.`,
    );
  }
  if (task.losses !== 'only') {
    if (typeof loss !== 'number') throw new TypeError(`evaluate returned the loss ${String(loss)}; return a number.`);
    if (gradient === undefined)
      throw new TypeError('evaluate returned no gradient; return one in the structure of the weights.');
    write('the gradient that evaluate returned', gradient, toGradient);
  }
  write('the tree of statistics that evaluate returned', after.statistics ?? statistics, toStatistics);
  if (task.losses === undefined) return { loss, samples };
  if (losses?.length === samples) return { loss, samples, losses };
  throw new TypeError(
    `evaluate returned ${losses?.length ?? 'no'} losses for ${samples} samples; return one for each.`,
  );
}

function failure(error: unknown): Extract<Report, { kind: 'failed' }> {
  if (!(error instanceof Error)) return { kind: 'failed', message: String(error) };
  return { kind: 'failed', message: error.message, ...(error.stack !== undefined && { stack: error.stack }) };
}
