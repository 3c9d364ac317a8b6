/** Ctrl-C and termination, turned into a signal. */
export interface Interrupt {
  /** Aborted at the first Ctrl-C; the next one ends the program the ordinary way, at once. */
  readonly signal: AbortSignal;
  /** Gives Ctrl-C its ordinary meaning back. */
  readonly release: () => void;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** The user stopped the program before there was anything to keep. */
export class StoppedError extends Error {
  override readonly name = 'StoppedError';
}

/** Listens until the first signal comes, which is told to `onStop`. */
export function listenForInterrupt(onStop: () => void): Interrupt {
  const controller = new AbortController();
  const release = (): void => {
    for (const name of SIGNALS) process.off(name, stop);
  };
  const stop = (): void => {
    release();
    onStop();
    controller.abort(new StoppedError('Stopped; there was nothing to keep'));
  };
  for (const name of SIGNALS) process.on(name, stop);
  return { signal: controller.signal, release };
}
