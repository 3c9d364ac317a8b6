import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { encode } from '@flatmin/checkpoint';
import { beforeAll, expect, onTestFinished, test, vi } from 'vitest';
import { seededRandom } from '../random.ts';
import type { RunSummary } from '../results.ts';
import { type RunSettings, runLabel } from '../settings.ts';
import { BenchProgram } from '../testing/bench-program.ts';
import { RedisServer } from '../testing/redis-server.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { KeptRuns } from './kept-runs.ts';
import { jobId, queueName } from './queue-names.ts';
import { redisAddress } from './redis-address.ts';
import { RunQueue } from './run-queue.ts';

const EPOCHS = 8;
// All that a checkpoint has to hold: momentum, BatchNorm's statistics, orders of images, short batches.
const settings = (optimizer: string, seed: number): RunSettings => ({
  dataset: 'made-stripes',
  model: 'conv4-16-bn',
  optimizer,
  backend: 'wasm',
  seed,
  batchSize: 8,
  trainImages: 156,
  validation: 0,
  learningRate: 0.02,
  momentum: 0.9,
  rho: undefined,
  epochsAsked: EPOCHS,
});
const all = ['sgd', 'sam'].flatMap((optimizer) => [1, 2].map((seed) => settings(optimizer, seed)));
const ALL = ['--optimizers', 'sgd,sam', '--seeds', '1,2'];
const FIRST = ['--optimizers', 'sgd', '--seeds', '1'];
const QUEUE = queueName({ commit: 'unknown', node: process.version });

const run = (runs: string[], ...options: string[]): BenchProgram =>
  new BenchProgram(
    ...['run', '--dataset', 'made-stripes', '--model', 'conv4-16-bn', '--batch-size', '8', '--limit', '156'],
    ...['--epochs', String(EPOCHS), ...runs, ...options],
  );

const worker = ({ url }: RedisServer, name: string, ...options: string[]): BenchProgram =>
  new BenchProgram('worker', '--queue', url, '--name', name, '--checkpoint', '0', '--lost', '1', ...options);

/** What there is to compare: all but the times. */
function outcome(folder: string) {
  const { runs } = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));
  return {
    runs: runs.map(({ startedAt, secondsPerEpoch, ...rest }: RunSummary) => rest),
    metrics: readFileSync(join(folder, 'metrics.jsonl'), 'utf8').replaceAll(/,"seconds":[^}]*/g, ''),
  };
}

/** Once the first checkpoint of the run that a worker trains is in Redis; that run. */
async function underWay(server: RedisServer, working: BenchProgram): Promise<RunSettings> {
  const [, label] = await working.said(/^(.*): training, steps an epoch/m);
  const trained = all.find((each) => runLabel(each) === label)!;
  const kept = new KeptRuns(server.client, QUEUE);
  while ((await kept.get(jobId(trained))) === undefined) await setTimeout(5);
  return trained;
}

const finished = ({ err }: BenchProgram): string[] =>
  [...err.matchAll(/^(.*): finished$/gm)].map(([, label]) => label!);
const labels = (runs: readonly RunSettings[]): string[] => runs.map(runLabel).sort();

let local: { readonly all: ReturnType<typeof outcome>; readonly first: ReturnType<typeof outcome> };

beforeAll(async () => {
  const launcher = join(import.meta.dirname, '../../bin/flatmin-bench.js'); // builds first
  expect(spawnSync(process.execPath, [launcher, '--help']).status).toBe(0);
}, 180_000);

/** What one process makes of all runs, and of the first alone. */
async function locally(): Promise<typeof local> {
  if (local !== undefined) return local;
  const folders = [ALL, FIRST].map((runs) => ({ runs, folder: join(temporaryFolder(), 'local') }));
  for (const { runs, folder } of folders) expect(await run(runs, '--out', folder).end()).toBe(0);
  const [ofAll, ofFirst] = folders.map(({ folder }) => outcome(folder));
  local = { all: ofAll!, first: ofFirst! };
  return local;
}

test.each([1, 2, 3, 4])(
  'of three workers one is killed: nothing is lost, nothing is counted twice (%i)',
  async (round) => {
    const expected = await locally();
    const seed = (Date.now() + round) % 2 ** 32;
    const random = seededRandom(seed);
    const server = await RedisServer.start();
    const folder = join(temporaryFolder(), 'out');
    const workers = ['one', 'two', 'three'].map((name) => worker(server, name));
    const asking = run(ALL, '--queue', server.url, '--out', folder);
    const victim = workers[random.integer(0, 2)]!;
    const cutOff = await underWay(server, victim);
    await setTimeout(random.integer(0, 1500));
    victim.child.kill('SIGKILL');
    const killedAt = performance.now();
    await victim.end();
    expect(finished(victim), `seed ${seed}`).toEqual([]);
    const survivors = workers.filter((each) => each !== victim);
    await Promise.any(survivors.map((each) => each.said(/going on after step/)));
    const figures = { seed, takenUpAfter: performance.now() - killedAt };
    expect(await asking.end(), `seed ${seed}: ${asking.err}`).toBe(0);
    console.info(JSON.stringify({ ...figures, endAfter: performance.now() - killedAt }));

    const goingOn = survivors.flatMap(({ err }) => [...err.matchAll(/^(.*): going on after step (\d+), /gm)]);
    expect(
      goingOn.map(([, label]) => label),
      `seed ${seed}`,
    ).toEqual([runLabel(cutOff)]);
    expect(Number(goingOn[0]![2])).toBeGreaterThan(0);
    expect(survivors.flatMap(finished).sort()).toEqual(labels(all));
    expect(outcome(folder), `seed ${seed}`).toEqual(expected.all);
  },
);

test('a worker that was only slow changes nothing of a run that another has', async () => {
  const server = await RedisServer.start();
  const folder = join(temporaryFolder(), 'out');
  const slow = worker(server, 'slow');
  const asking = run(FIRST, '--queue', server.url, '--out', folder);
  await underWay(server, slow);
  slow.child.kill('SIGSTOP');
  const quick = worker(server, 'quick');
  await quick.said(/going on after step/);
  slow.child.kill('SIGCONT');
  await slow.said(/no longer this worker's, which was taken for lost; left to the next/);
  expect(await asking.end()).toBe(0);
  expect([finished(slow), finished(quick)]).toEqual([[], labels(all.slice(0, 1))]);
  expect(outcome(folder)).toEqual((await locally()).first);
});

test('Ctrl-C gives the run back with a checkpoint, and another goes on at once', async () => {
  const server = await RedisServer.start();
  const folder = join(temporaryFolder(), 'out');
  const asking = run(FIRST, '--queue', server.url, '--out', folder);
  const hour = ['--checkpoint', '3600', '--lost', '3600']; // so that neither a checkpoint nor a lost worker helps
  const stopped = worker(server, 'stopped', ...hour);
  await stopped.said(/epoch 1\/8 in/);
  stopped.child.kill('SIGINT');
  expect(await stopped.end()).toBe(0);
  expect(stopped.err).toMatch(/: given back\n/);
  expect(stopped.out).toBe('stopped: runs finished: 0\n');
  const next = worker(server, 'next', '--limit', '1', ...hour);
  expect(await next.end()).toBe(0);
  expect(Number(/going on after step (\d+), /.exec(next.err)![1])).toBeGreaterThanOrEqual(20);
  expect(await asking.end()).toBe(0);
  expect(outcome(folder)).toEqual((await locally()).first);
});

test('a Redis that goes away for seconds is waited for, and the run does not begin again', async () => {
  const server = await RedisServer.start();
  const folder = join(temporaryFolder(), 'out');
  const working = worker(server, 'one', '--lost', '30');
  const asking = run(FIRST, '--queue', server.url, '--out', folder);
  await underWay(server, working);
  await server.goAway();
  await working.said(/cannot be reached; going on as soon as it is back/);
  await setTimeout(2000);
  await server.goOn();
  await working.said(/ is back/);
  expect(await asking.end(), asking.err + working.err).toBe(0);
  expect(working.err).not.toContain('going on after step');
  expect(outcome(folder)).toEqual((await locally()).first);
});

test('when the process that trains is killed, its worker starts another, and the run goes on', async () => {
  const server = await RedisServer.start();
  const folder = join(temporaryFolder(), 'out');
  const working = worker(server, 'one');
  const asking = run(FIRST, '--queue', server.url, '--out', folder);
  await underWay(server, working);
  const { stdout } = spawnSync('ps', ['-o', 'pid=', '--ppid', String(working.child.pid)], { encoding: 'utf8' });
  process.kill(Number(stdout), 'SIGKILL');
  await working.said(/going on after step/);
  expect(await asking.end()).toBe(0);
  expect(outcome(folder)).toEqual((await locally()).first);
});

test('two commands for the same runs share them; asked for again, nothing is trained', async () => {
  const { all: expected } = await locally();
  const server = await RedisServer.start();
  const folders = ['here', 'there', 'later'].map((name) => join(temporaryFolder(), name));
  const ask = (folder: string): BenchProgram => run(ALL, '--queue', server.url, '--out', folder);
  const asking = folders.slice(0, 2).map(ask);
  const working = worker(server, 'one');
  for (const each of asking) expect(await each.end(), each.err).toBe(0);
  expect(finished(working).sort()).toEqual(labels(all));
  working.child.kill('SIGINT');
  expect(await working.end()).toBe(0);

  const again = ask(folders[0]!);
  expect(await again.end()).toBe(0);
  expect(again.err.match(/finished before/g)).toHaveLength(all.length);
  expect(await ask(folders[2]!).end()).toBe(0); // without a worker: Redis keeps for a day what came out
  for (const folder of folders) expect(outcome(folder)).toEqual(expected);
  const left = await server.client.keys('*');
  expect(left.every((key) => key.startsWith('flatmin:'))).toBe(true);
  for (const key of left.filter((each) => each.includes('checkpoint'))) {
    expect(await server.client.ttl(key)).toBeLessThanOrEqual(24 * 60 * 60);
  }
});

test('a run that fails is told with its reason, the others are trained, and it is tried again when asked for', async () => {
  const { all: expected } = await locally();
  const server = await RedisServer.start();
  const folder = join(temporaryFolder(), 'out');
  const kept = new KeptRuns(server.client, QUEUE);
  const bad = jobId(all[0]!);
  await kept.begin(bad, encode({ format: 'another' }));
  const ask = (): BenchProgram => run(ALL, '--queue', server.url, '--out', folder);
  worker(server, 'one');
  const asking = ask();
  expect(await asking.end()).toBe(1);
  expect(asking.err).toContain(
    `${runLabel(all[0]!)}: failed: ${server.url} ${kept.keyOf(bad)} is no checkpoint of a run of the benchmark; move it away`,
  );
  expect(asking.out).toContain('Runs missing: 1 of 4, 1 of them failed; the same command tries them again');
  expect(outcome(folder).runs).toEqual(expected.runs.slice(1));
  await server.client.del(kept.keyOf(bad));
  expect(await ask().end()).toBe(0);
  expect(outcome(folder)).toEqual(expected);
});

test('a worker whose machine lacks the engine gives the run back and ends, and says why', async () => {
  vi.stubEnv('GIT_DIR', 'none');
  onTestFinished(() => void vi.unstubAllEnvs());
  const server = await RedisServer.start();
  const queue = await RunQueue.open(redisAddress(server.url));
  onTestFinished(async () => queue.close());
  const asked = { ...all[0]!, backend: 'webgl' };
  await queue.add(asked, undefined);
  const working = worker(server, 'one');
  expect(await working.end()).toBe(1);
  expect(working.err).toContain(`error: ${runLabel(asked)} cannot be trained on this machine: --backend webgl is not`);
  expect(await queue.standing(asked)).toEqual({ state: 'waiting' });
});
