import type { FetchContext } from '../data/source.ts';
import type { ProgressStream } from '../progress.ts';

const MEGABYTE = 1e6;

/** Shows fetching on a stream: lines, and on a terminal one that counts the bytes. */
export function fetchContext(stream: ProgressStream, signal: AbortSignal): FetchContext {
  let counting = false;
  const endCount = (): void => {
    if (counting) stream.write('\n');
    counting = false;
  };
  return {
    signal,
    say(line) {
      endCount();
      stream.write(`${line}\n`);
    },
    transferred(name, bytes, total) {
      if (!stream.isTTY) return;
      const megabytes = (count: number): string => (count / MEGABYTE).toFixed(1);
      const of = total === undefined ? '' : ` of ${megabytes(total)}`;
      stream.write(`\r${name}: ${megabytes(bytes)}${of} MB`);
      counting = true;
      if (bytes === total) endCount();
    },
  };
}
