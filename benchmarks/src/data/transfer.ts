import { codeOf, messageOf } from '../errors.ts';
import type { FetchContext } from './source.ts';

/** How long to wait for a server, in milliseconds. */
export interface Patience {
  /** For the first byte of an answer. Default 5,000. */
  readonly answerWithin?: number;
  /** For the next piece of a body. Default 30,000. */
  readonly nextPieceWithin?: number;
}

/** What to fetch. */
export interface Transfer extends Patience {
  readonly url: string;
  /** For messages and the count of bytes. */
  readonly name: string;
  /** The most bytes that it can have. */
  readonly longest: number;
}

/**
 * The body of an answer, piece by piece; the transfer ends with the loop over it.
 *
 * @throws naming the transfer, unless it ends whole; the signal's reason once it is aborted
 */
export async function* fetchPieces(
  { url, name, longest, answerWithin = 5_000, nextPieceWithin = 30_000 }: Transfer,
  context: FetchContext,
): AsyncGenerator<Uint8Array> {
  const patience = impatience(answerWithin, `no answer within ${answerWithin / 1000} s`);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([context.signal, patience.signal]) });
    if (!response.ok || !response.body)
      throw new Error(`the answer was ${response.status} ${response.statusText}`.trim());
    const total = Number(response.headers.get('content-length')) || undefined;
    let received = 0;
    for await (const piece of response.body) {
      patience.restart(nextPieceWithin, `nothing came for ${nextPieceWithin / 1000} s`);
      received += piece.length;
      if (received > longest) throw new Error(`it is longer than ${longest} bytes, which it cannot be`);
      context.transferred(name, received, total);
      yield piece;
    }
    if (total !== undefined && received < total) throw new Error(`it ended after ${received} of ${total} bytes`);
  } catch (error) {
    context.signal.throwIfAborted();
    throw new Error(`${name} could not be downloaded (${reasonOf(error)})`, { cause: error });
  } finally {
    patience.end();
  }
}

/** A signal that aborts unless it is restarted in time. */
function impatience(milliseconds: number, reason: string) {
  const controller = new AbortController();
  const start = (delay: number, why: string) => setTimeout(() => controller.abort(new Error(why)), delay);
  let timer = start(milliseconds, reason);
  return {
    signal: controller.signal,
    restart(delay: number, why: string): void {
      clearTimeout(timer);
      timer = start(delay, why);
    },
    end: (): void => clearTimeout(timer),
  };
}

/** The reason behind `fetch failed`, which the platform hides in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return codeOf(cause) ?? messageOf(cause);
}
