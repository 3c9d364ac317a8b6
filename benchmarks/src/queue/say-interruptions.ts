import type { EventEmitter } from 'node:events';

/**
 * Says when a server that was there goes away, and when it is back.
 *
 * @returns what ends that: to be called before the connection is closed
 */
export function sayInterruptions(redis: EventEmitter, shown: string, say: (line: string) => void): () => void {
  let away = false;
  const onClose = (): void => {
    if (!away) say(`${shown} cannot be reached; going on as soon as it is back`);
    away = true;
  };
  const onReady = (): void => {
    if (away) say(`${shown} is back`);
    away = false;
  };
  redis.on('close', onClose).on('ready', onReady);
  return () => {
    redis.off('close', onClose).off('ready', onReady);
  };
}
