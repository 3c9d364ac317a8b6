import { expect, test } from 'vitest';
import { RedisServer } from '../testing/redis-server.ts';
import { FETCHED_SECONDS, KEPT_SECONDS, KeptRuns } from './kept-runs.ts';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

async function keptRuns() {
  const { client } = await RedisServer.start();
  const kept = new KeptRuns(client, 'queue');
  return { client, kept, get: async (job: string) => [...((await kept.get(job)) ?? [])] };
}

test('a checkpoint is kept for the worker that holds the job, and for no other', async () => {
  const { client, kept, get } = await keptRuns();
  await client.set('flatmin:queue:a:lock', 'mine'); // where BullMQ has it
  expect(await kept.put('a', 'mine', bytes(0, 128, 255))).toBe(true);
  expect(await kept.put('a', 'theirs', bytes(1))).toBe(false);
  expect(await get('a')).toEqual([0, 128, 255]);
  await client.del('flatmin:queue:a:lock'); // expired, and not taken up yet
  expect(await kept.put('a', 'mine', bytes(1))).toBe(false);
  expect(await get('a')).toEqual([0, 128, 255]);
});

test('only the part of a buffer that is the checkpoint is kept', async () => {
  const { client, kept, get } = await keptRuns();
  await client.set('flatmin:queue:a:lock', 'mine');
  await kept.put('a', 'mine', bytes(1, 2, 3, 4).subarray(1, 3));
  expect(await get('a')).toEqual([2, 3]);
});

test('a run that has begun does not begin elsewhere', async () => {
  const { kept, get } = await keptRuns();
  await kept.begin('a', bytes(1));
  await kept.begin('a', bytes(2));
  expect(await get('a')).toEqual([1]);
});

test('nothing stays for ever: what was fetched goes sooner', async () => {
  const { client, kept } = await keptRuns();
  await kept.begin('a', bytes(1));
  const left = (): Promise<number> => client.ttl(kept.keyOf('a'));
  expect(await left()).toBeGreaterThan(FETCHED_SECONDS);
  expect(await left()).toBeLessThanOrEqual(KEPT_SECONDS);
  await kept.fetched('a');
  expect(await left()).toBeLessThanOrEqual(FETCHED_SECONDS);
});
