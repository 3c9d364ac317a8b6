import { dispose } from '@tensorflow/tfjs-core';
import { useBackend } from '../backends.ts';
import { interleave } from './interleave.ts';
import { type StepStatistics, stepStatistics } from './statistics.ts';
import { noiseBatch, stepTask } from './step-task.ts';

/** What is timed. */
export interface BenchStepOptions {
  /** Names of networks. */
  readonly networks: readonly string[];
  readonly rounds: number;
  readonly batch: number;
}

/** One network with one optimizer. */
export interface StepRow extends StepStatistics {
  readonly network: string;
  /** The TensorFlow.js backend. */
  readonly engine: string;
  readonly optimizer: string;
  readonly batch: number;
  readonly rounds: number;
}

const engine = 'wasm';
const plain = 'sgd';
const contestants = [plain, 'sam'];
const warmUpRounds = 3;

/** Times one training step of every network with plain SGD (momentum .9) and with SAM, in turns. */
export async function benchStep({ networks, rounds, batch }: BenchStepOptions): Promise<StepRow[]> {
  await useBackend(engine);
  const images = noiseBatch(batch);
  const rows: StepRow[] = [];
  for (const network of networks) {
    const tasks = contestants.map((optimizer) => stepTask(network, optimizer, images));
    const times = await interleave(
      tasks.map(({ step }) => step),
      { rounds, warmUpRounds },
    );
    for (const task of tasks) task.dispose();
    const plainTimes = times[contestants.indexOf(plain)]!;
    contestants.forEach((optimizer, index) => {
      rows.push({ network, engine, optimizer, batch, rounds, ...stepStatistics(times[index]!, plainTimes) });
    });
  }
  dispose([images.xs, images.ys]);
  return rows;
}
