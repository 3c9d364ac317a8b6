import { hostname } from 'node:os';
import type { Command } from 'commander';
import { UsageError } from '../errors.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { createProgress } from '../progress.ts';
import type { RedisAddress } from '../queue/redis-address.ts';
import type { Io } from './io.ts';
import { numberOption } from './options.ts';
import { CHECKPOINT_SECONDS, queueOption } from './results-options.ts';

interface WorkerOptions {
  readonly queue: RedisAddress;
  readonly name: string;
  readonly checkpoint: number;
  readonly lost: number;
  readonly limit?: number;
  readonly idle?: number;
}

/** Without a sign of life from its worker for so long, a run passes to another. */
const LOST_SECONDS = 30;

/** Adds `worker`, which trains the runs that other commands queue. */
export function addWorker(program: Command, io: Io): void {
  program
    .command('worker')
    .description(
      'train the runs that "flatmin-bench run --queue" queues, one after the other, until Ctrl-C, which gives the run in progress back with a checkpoint; any number of workers on any number of machines, of the same commit and Node version as that command',
    )
    .addOption(queueOption('the Redis server, as redis://localhost:6379').makeOptionMandatory())
    .option('--name <name>', 'how others see it', `${hostname()}-${process.pid}`)
    .addOption(
      numberOption(
        '--checkpoint <seconds>',
        'between two checkpoints of a run, which go to Redis; so much is trained again if this worker dies',
        { least: 0 },
        CHECKPOINT_SECONDS,
      ),
    )
    .addOption(
      numberOption(
        '--lost <seconds>',
        'without a sign of life for so long a worker counts as dead, and its run passes to another; give all workers the same',
        { least: 1, most: 3600 },
        LOST_SECONDS,
      ),
    )
    .addOption(numberOption('--limit <runs>', 'end after so many runs', { whole: true, least: 1 }))
    .addOption(numberOption('--idle <seconds>', 'end after so long without a run (default: wait)', { least: 0 }))
    .action(async ({ queue, name, checkpoint, lost, limit, idle }: WorkerOptions) => {
      if (!/^[\w.@-]{1,100}$/.test(name)) {
        throw new UsageError(`--name ${JSON.stringify(name)} must be letters, digits and . _ - @, at most 100`);
      }
      const progress = createProgress(io.stderr);
      const { signal, release } = listenForInterrupt(() => {
        progress.say('Stopping after the step in progress; Ctrl-C again ends at once.');
      });
      try {
        const { work } = await import('../queue/work.ts');
        const finished = await work({
          address: queue,
          name,
          checkpointSeconds: checkpoint,
          lostSeconds: lost,
          limit: limit ?? Number.POSITIVE_INFINITY,
          idleSeconds: idle ?? Number.POSITIVE_INFINITY,
          progress,
          signal,
        });
        io.stdout.write(`${name}: runs finished: ${finished}\n`);
      } finally {
        release();
      }
    });
}
