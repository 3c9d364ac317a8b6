import { codeOf, messageOf } from '../errors.ts';
import type { FetchContext, Source } from './source.ts';
import { type DataFile, longestCompressed } from './verify.ts';

/** How long to wait for a server, in milliseconds. */
export interface DownloadOptions {
  /** For the first byte of an answer. Default 5,000. */
  readonly answerWithin?: number;
  /** For the next piece of a body. Default 30,000. */
  readonly nextPieceWithin?: number;
}

/**
 * Files served compressed under `URL/NAME.gz`. A file is held in memory until it is whole, so a broken
 * transfer leaves nothing behind and simply starts anew.
 */
export function download(url: string, options: DownloadOptions = {}): Source {
  return {
    name: new URL(url).host,
    async *read(files, context) {
      for (const file of files) {
        yield { file, compressed: await fetchWhole(`${url}/${file.name}.gz`, file, context, options) };
      }
    },
  };
}

async function fetchWhole(
  url: string,
  file: DataFile,
  context: FetchContext,
  { answerWithin = 5_000, nextPieceWithin = 30_000 }: DownloadOptions,
): Promise<Uint8Array> {
  const name = `${file.name}.gz`;
  const longest = longestCompressed(file);
  const patience = impatience(answerWithin, `no answer within ${answerWithin / 1000} s`);
  try {
    const response = await fetch(url, { signal: AbortSignal.any([context.signal, patience.signal]) });
    if (!response.ok || !response.body)
      throw new Error(`the answer was ${response.status} ${response.statusText}`.trim());
    const total = Number(response.headers.get('content-length')) || undefined;
    const pieces: Uint8Array[] = [];
    let received = 0;
    for await (const piece of response.body) {
      patience.restart(nextPieceWithin, `nothing came for ${nextPieceWithin / 1000} s`);
      received += piece.length;
      if (received > longest) throw new Error(`it is longer than ${longest} bytes, which it cannot be`);
      pieces.push(piece);
      context.transferred(name, received, total);
    }
    if (total !== undefined && received < total) throw new Error(`it ended after ${received} of ${total} bytes`);
    return Buffer.concat(pieces);
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
