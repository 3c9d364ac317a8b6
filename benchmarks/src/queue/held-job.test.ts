import { expect, test } from 'vitest';
import { HeldJob } from './held-job.ts';

/** Keeps what it is given when it is told to. */
function slowStore(answer = true) {
  const kept: string[] = [];
  const waiting: (() => void)[] = [];
  return {
    kept,
    /** Lets one write through. */
    async release(): Promise<void> {
      waiting.shift()?.();
      await new Promise(setImmediate);
    },
    async put(job: string, token: string, bytes: Uint8Array): Promise<boolean> {
      await new Promise<void>((resolve) => waiting.push(resolve));
      if (answer) kept.push(`${job} ${token} ${bytes[0]}`);
      return answer;
    },
  };
}

test('of checkpoints that wait for a slow server only the last is written, and all are settled after it', async () => {
  const store = slowStore();
  const held = new HeldJob('a', 'token', store);
  for (const step of [1, 2, 3]) held.keep(Uint8Array.of(step));
  let settled: boolean | undefined;
  const settling = held.settled().then((kept) => {
    settled = kept;
  });
  await store.release();
  expect([store.kept, settled]).toEqual([['a token 1'], undefined]);
  await store.release();
  await settling;
  expect([store.kept, settled]).toEqual([['a token 1', 'a token 3'], true]);
});

test('a checkpoint that is refused shows that the job is lost, and no other is tried', async () => {
  const store = slowStore(false);
  const held = new HeldJob('a', 'token', store);
  held.keep(Uint8Array.of(1));
  held.keep(Uint8Array.of(2));
  await store.release();
  expect(held.lost.aborted).toBe(true);
  expect(await held.settled()).toBe(false);
  expect(store.kept).toEqual([]);
});

test('what the server says to the last checkpoint is thrown, but not what it said to one before', async () => {
  let full = true;
  const held = new HeldJob('a', 'token', {
    async put() {
      if (full) throw new Error('OOM');
      return true;
    },
  });
  held.keep(Uint8Array.of(1));
  await expect(held.settled()).rejects.toThrow('OOM');
  full = false;
  held.keep(Uint8Array.of(2));
  expect(await held.settled()).toBe(true);
});
