import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate, setTimeout as wait } from 'node:timers/promises';
import { readCheckpoint } from '@flatmin/checkpoint/node';
import { beforeAll, expect, test } from 'vitest';
import { checkpointFolder, checkpointPath } from './checkpoint/checkpoint-folder.ts';
import type { Standing } from './checkpoint/run-checkpoint.ts';
import { type Random, seededRandom } from './random.ts';
import type { RunSummary } from './results.ts';
import type { RunSettings } from './settings.ts';
import { stepsPerEpoch } from './steps.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { TrainingProgram } from './testing/training-program.ts';

const KILLS = 50;
/** A program is killed after at most so many steps: all 50 together do not get to the end. */
const MOST_STEPS = 5;
/** Steps between two checkpoints, about: so some have to be taken again. */
const STEPS_BETWEEN = 2.5;

// All that a checkpoint has to hold: momentum, a variant's count, BatchNorm's statistics, orders of images, short batches.
const settings: RunSettings = {
  dataset: 'made-stripes',
  model: 'conv4-16-bn',
  optimizer: 'sam',
  backend: 'wasm',
  seed: 1,
  batchSize: 8,
  trainImages: 156,
  validation: 0,
  learningRate: 0.02,
  momentum: 0.9,
  rho: undefined,
  epochsAsked: 13,
};

beforeAll(() => {
  const launcher = join(import.meta.dirname, '../bin/flatmin-bench.js'); // builds first
  const { status, stderr } = spawnSync(process.execPath, [launcher, '--help'], { encoding: 'utf8' });
  expect({ status, stderr }).toMatchObject({ status: 0 });
}, 180_000);

const summaryIn = (folder: string): RunSummary =>
  JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')).runs[0];

/** All but the times. */
const repeatable = ({ startedAt, secondsPerEpoch, ...rest }: RunSummary) => rest;
const metricsIn = (folder: string) =>
  readFileSync(join(folder, 'metrics.jsonl'), 'utf8').replaceAll(/,"seconds":[^}]*/g, '');

const filesIn = (folder: string): string[] =>
  existsSync(checkpointFolder(folder)) ? readdirSync(checkpointFolder(folder)) : [];

/** Whether it writes, or was killed while it wrote; what those before it left aside does not count. */
const isWriting = ({ child }: TrainingProgram, folder: string): boolean =>
  filesIn(folder).some((name) => name.includes(`.safetensors.${child.pid}.`));

/** The step at which the checkpoint stands; a damaged one could not be read. */
async function keptStep(folder: string): Promise<number> {
  const name = filesIn(folder).find((file) => file.endsWith('.safetensors'));
  if (name === undefined) return 0;
  const { course } = (await readCheckpoint(join(checkpointFolder(folder), name))) as unknown as Standing;
  return course.position.step;
}

async function untilWriting(running: TrainingProgram, folder: string): Promise<void> {
  const giveUp = performance.now() + 5_000;
  while (!isWriting(running, folder) && performance.now() < giveUp) await setImmediate();
}

/** Waits for the moment of the next kill, drawn by lot: at the start, in the middle of a step, or of a checkpoint. */
async function moment(running: TrainingProgram, folder: string, stepMilliseconds: number, random: Random) {
  const kind = random.integer(1, 10);
  if (kind === 1) return wait(random.integer(0, 500));
  await running.steps(random.integer(0, MOST_STEPS));
  if (kind >= 8) return untilWriting(running, folder);
  await wait((random.integer(0, 100) / 100) * stepMilliseconds);
}

test(`a training killed ${KILLS} times goes on each time, and ends as the one that was not, byte for byte`, async () => {
  const [whole, killed] = [temporaryFolder(), temporaryFolder()];
  const reference = new TrainingProgram(settings, whole);
  expect(await reference.end()).toBe(0);
  const { secondsPerEpoch, ...summary } = summaryIn(whole);
  const stepSeconds = secondsPerEpoch! / stepsPerEpoch(settings);
  const open = () => new TrainingProgram(settings, killed, STEPS_BETWEEN * stepSeconds);

  const seed = Date.now() % 2 ** 32;
  const random = seededRandom(seed);
  const figures = { seed, kills: 0, afterSteps: 0, whileWriting: 0, stepsRedone: 0 };
  for (; figures.kills < KILLS; figures.kills++) {
    const running = open();
    await moment(running, killed, 1000 * stepSeconds, random);
    running.child.kill('SIGKILL');
    expect(await running.end(), JSON.stringify(figures)).toBe('SIGKILL');
    expect(reference.told, JSON.stringify(figures)).toEqual(expect.arrayContaining(running.told));
    const [last] = running.told.at(-1)?.split(' ') ?? [];
    if (last !== undefined) {
      figures.afterSteps++;
      figures.stepsRedone += Number(last) - (await keptStep(killed));
    }
    if (isWriting(running, killed)) figures.whileWriting++;
  }
  expect(await open().end(), JSON.stringify(figures)).toBe(0);

  console.info(JSON.stringify(figures));
  expect(repeatable(summaryIn(killed)), JSON.stringify(figures)).toEqual(repeatable({ secondsPerEpoch, ...summary }));
  expect(metricsIn(killed), JSON.stringify(figures)).toBe(metricsIn(whole));
  expect(filesIn(killed)).toEqual([basename(checkpointPath(killed, settings))]);
  expect(figures.afterSteps).toBeGreaterThan(KILLS / 2);
  expect(figures.stepsRedone).toBeGreaterThan(0);
  expect(figures.whileWriting).toBeGreaterThan(0);
}, 1_800_000);
