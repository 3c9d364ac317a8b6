import type { Algebra } from '@flatmin/tree';
import type { EvaluateRequest, Evaluation, Procedure, Request } from './protocol.ts';

/** Answers the evaluations of a procedure. */
export type Evaluate<T> = (request: EvaluateRequest<T>) => Evaluation<T>;

/** {@link Evaluate} that may take its time. */
export type EvaluateAsync<T> = (request: EvaluateRequest<T>) => Evaluation<T> | Promise<Evaluation<T>>;

const readsOnly = (): never => {
  throw new Error(
    'This procedure was to read only, and asked for an evaluation; drive it with a function that evaluates.',
  );
};

/**
 * Runs a procedure to its result, answering each request on the spot.
 *
 * An answer that throws is thrown into the procedure, which may catch it; if it does not, `drive` throws it.
 *
 * @param evaluate absent for a procedure that reads only
 */
export function drive<T, R>(procedure: Procedure<T, R>, algebra: Algebra<T>, evaluate: Evaluate<T> = readsOnly): R {
  const respond = (request: Request<T>): unknown => {
    if (request.kind === 'all') return request.requests.map(respond);
    return request.kind === 'read' ? algebra.read(request.scalar) : evaluate(request);
  };
  let turn = procedure.next();
  while (turn.done !== true) {
    let answer: unknown;
    try {
      answer = respond(turn.value);
    } catch (error) {
      turn = procedure.throw(error);
      continue;
    }
    turn = procedure.next(answer);
  }
  return turn.value;
}

/** {@link drive} with answers that may be promises; requests that travel together are answered in parallel. */
export async function driveAsync<T, R>(
  procedure: Procedure<T, R>,
  algebra: Algebra<T>,
  evaluate: EvaluateAsync<T> = readsOnly,
): Promise<R> {
  const respond = async (request: Request<T>): Promise<unknown> => {
    if (request.kind === 'all') return settled(request.requests.map(respond));
    if (request.kind === 'evaluate') return evaluate(request);
    return algebra.readAsync === undefined ? algebra.read(request.scalar) : algebra.readAsync(request.scalar);
  };
  let turn = procedure.next();
  while (turn.done !== true) {
    let answer: unknown;
    try {
      answer = await respond(turn.value);
    } catch (error) {
      turn = procedure.throw(error);
      continue;
    }
    turn = procedure.next(answer);
  }
  return turn.value;
}

// The first failure counts only once all have come to rest: what still computes must not see its inputs freed.
async function settled(answers: readonly Promise<unknown>[]): Promise<unknown[]> {
  await Promise.allSettled(answers);
  return Promise.all(answers);
}
