import type { ParamTree } from '@flatmin/tree';

/** A part of the batch: the `index`-th of `count` parts, counted from 0. */
export interface Shard {
  /** Which part: 0 is the first. */
  readonly index: number;
  /** How many parts the batch has. */
  readonly count: number;
}

/** On what an evaluation runs, where it is not simply the batch of this step. */
export interface About {
  /** One part of the batch. The host must offer `shards`. */
  readonly shard?: Shard;
  /** The mean over these samples of the batch (or of its part) alone, counted from 0. The host must offer `perSample`. */
  readonly samples?: readonly number[];
  /** The loss of each sample as well. The host must offer `perSample`. */
  readonly losses?: true;
  /** The batch of the step before. The host must offer `previousBatch`. */
  readonly batch?: 'previous';
  /** Beside the step's own evaluations, such as one for a difference of gradients: diagnostics pass over it. */
  readonly probe?: true;
  /** At the weights of a step to come, not at a perturbation of these: {@link rhoByPath} leaves it as it is. */
  readonly lookAhead?: true;
}

/** Asks for loss and gradient at these weights. */
export interface EvaluateRequest<T> extends About {
  /** What tells this request from the others. */
  readonly kind: 'evaluate';
  /** Where to evaluate. */
  readonly weights: ParamTree<T>;
}

/** Asks for the loss of each sample at these weights, without a gradient. The host must offer `perSample`. */
export interface LossesRequest<T> {
  /** What tells this request from the others. */
  readonly kind: 'losses';
  /** Where to evaluate. */
  readonly weights: ParamTree<T>;
  /** See {@link About.shard}. */
  readonly shard?: Shard;
}

/** Asks for a scalar's value on the host: the one allowed read-back within a step. */
export interface ReadRequest<T> {
  /** What tells this request from the others. */
  readonly kind: 'read';
  /** A leaf of one element. */
  readonly scalar: T;
}

/** Asks for several things at once; a host may answer them in parallel. */
export interface AllRequest<T> {
  /** What tells this request from the others. */
  readonly kind: 'all';
  /** Answered by a list in the same order. */
  readonly requests: readonly Request<T>[];
}

/** What a procedure may ask of its host. */
export type Request<T> = EvaluateRequest<T> | LossesRequest<T> | ReadRequest<T> | AllRequest<T>;

/** The answer to an {@link EvaluateRequest}. */
export interface Evaluation<T> {
  /** A scalar. */
  readonly loss: T;
  /** ∇L, in the structure of the weights. */
  readonly gradient: ParamTree<T>;
  /** One loss a sample, on the host, where {@link About.losses} asked for them. */
  readonly losses?: readonly number[];
}

/** A computation that yields requests, is sent their answers, and returns a result. */
export type Procedure<T, R> = Generator<Request<T>, R, unknown>;

/**
 * Asks for loss and gradient at some weights.
 *
 * @example
 * ```ts
 * const { loss, gradient: g } = yield* evaluate(w); // δ = ∇L(w)
 * ```
 */
export function* evaluate<T>(weights: ParamTree<T>, about?: About): Procedure<T, Evaluation<T>> {
  return (yield { kind: 'evaluate', weights, ...about }) as Evaluation<T>;
}

/**
 * Asks for the loss of each sample at some weights: a forward pass, and numbers on the host.
 *
 * @example
 * ```ts
 * const after = yield* losses(add(w, epsilon)); // ℓᵢ(w + ε̂)
 * ```
 */
export function* losses<T>(weights: ParamTree<T>): Procedure<T, readonly number[]> {
  return (yield { kind: 'losses', weights }) as readonly number[];
}

/**
 * Asks for the value of a scalar on the host. It may stall a GPU: only where a decision hangs on it.
 *
 * @example
 * ```ts
 * if ((yield* read(norm(g))) > threshold) { … }
 * ```
 */
export function* read<T>(scalar: T): Procedure<T, number> {
  return (yield { kind: 'read', scalar }) as number;
}

/**
 * Runs procedures in lock-step: their requests travel together, so that a host may answer them in parallel.
 *
 * @returns their results, in order
 * @example
 * ```ts
 * const [here, there] = yield* together([evaluate(w), evaluate(add(w, epsilon))]);
 * ```
 */
export function* together<T, R>(procedures: readonly Procedure<T, R>[]): Procedure<T, R[]> {
  try {
    const turns = procedures.map((procedure) => procedure.next());
    for (;;) {
      const open = turns.flatMap((turn, index) => (turn.done === true ? [] : [{ index, request: turn.value }]));
      if (open.length === 0) return turns.map((turn) => turn.value as R);
      const answers = (yield { kind: 'all', requests: open.map(({ request }) => request) }) as readonly unknown[];
      for (const [k, { index }] of open.entries()) turns[index] = procedures[index]!.next(answers[k]);
    }
  } finally {
    // After a failure the others are closed, so that their own `finally` blocks run.
    for (const procedure of procedures) procedure.return(undefined as never);
  }
}

/** What a {@link relay} does with the requests and answers that pass through it. */
export interface Relay<T> {
  /** Rewrites a request on its way to the host; requests inside an `all` are handed over one by one. */
  request?(request: Exclude<Request<T>, AllRequest<T>>): Request<T>;
  /** Sees an answered request, as it was asked. */
  answered?(request: Exclude<Request<T>, AllRequest<T>>, answer: unknown): void;
  /** Rewrites an answer on its way to the procedure; those inside an `all` are handed over one by one. */
  answer?(request: Exclude<Request<T>, AllRequest<T>>, answer: unknown): unknown;
}

/**
 * Stands between a procedure and its host: the way combinators change or watch what a variant asks.
 *
 * @example
 * ```ts
 * yield* relay(variant.step(given), { request: (r) => (r.kind === 'evaluate' ? { ...r, shard } : r) });
 * ```
 */
export function* relay<T, R>(procedure: Procedure<T, R>, { request, answered, answer }: Relay<T>): Procedure<T, R> {
  const outgoing = (asked: Request<T>): Request<T> => {
    if (asked.kind === 'all') return { kind: 'all', requests: asked.requests.map(outgoing) };
    return request?.(asked) ?? asked;
  };
  const incoming = (asked: Request<T>, given: unknown): unknown => {
    if (asked.kind === 'all') return asked.requests.map((one, k) => incoming(one, (given as readonly unknown[])[k]));
    answered?.(asked, given);
    return answer?.(asked, given) ?? given;
  };
  try {
    let turn = procedure.next();
    while (turn.done !== true) {
      let given: unknown;
      try {
        given = yield outgoing(turn.value);
      } catch (error) {
        turn = procedure.throw(error);
        continue;
      }
      turn = procedure.next(incoming(turn.value, given));
    }
    return turn.value;
  } finally {
    // When the relay is closed before its end, so is what it stands for; its own `finally` blocks run.
    procedure.return(undefined as never);
  }
}
