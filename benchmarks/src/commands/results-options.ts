import { type Command, Option } from 'commander';
import { UsageError } from '../errors.ts';
import { type RedisAddress, redisAddress } from '../queue/redis-address.ts';
import { numberOption } from './options.ts';

/** The options of every command that leaves results, read. */
export interface ResultsOptions {
  readonly out: string | undefined;
  readonly force?: boolean;
  /** Seconds between checkpoints; absent: none are written. */
  readonly checkpoint?: number;
  readonly resume?: boolean;
  readonly part?: Part;
  /** The server through which workers train; absent: this process does. */
  readonly queue?: RedisAddress;
}

/** Every `of`-th of the runs, beginning with the `number`-th, counted from 1. */
export interface Part {
  readonly number: number;
  readonly of: number;
}

/** As much as may have to be trained again; to write takes milliseconds. */
export const CHECKPOINT_SECONDS = 30;

/** Adds the options of {@link ResultsOptions} to a command. */
export function addResultsOptions(command: Command): Command {
  command
    .option('--out <folder>', 'where the results go (default: a new folder in out/)')
    .option('--force', 'replace results that --out holds already');
  return addContinuing(command);
}

/** Adds those of them that are about runs which go on. */
export function addContinuing(command: Command): Command {
  return command
    .addOption(
      numberOption(
        '--checkpoint [seconds]',
        `keep each run in --out: after every epoch, on Ctrl-C, and every so many seconds (${CHECKPOINT_SECONDS} when no number is given); the same command again goes on from there, whatever has ended this one, and leaves out what is done`,
        { least: 0 },
      ).preset(String(CHECKPOINT_SECONDS)),
    )
    .option('--resume', 'as --checkpoint, and refuse to begin anew where --out holds nothing to go on with')
    .addOption(partOption())
    .addOption(
      queueOption(
        'a Redis server, as redis://localhost:6379: the runs that --out has not are trained by the workers that "flatmin-bench worker" starts, on any number of machines, and their results are fetched to --out; the same command again goes on waiting',
      ),
    );
}

/** `--queue`, which names a Redis server. */
export function queueOption(description: string): Option {
  return new Option('--queue <url>', description).argParser(redisAddress);
}

function partOption(): Option {
  const option = new Option(
    '--part <i/n>',
    'only every n-th run, beginning with the i-th: so that n machines share them, each with an --out of its own; flatmin-bench merge puts them together',
  );
  return option.argParser((text: string): Part => {
    const [number, of] = (/^([1-9]\d{0,3})\/([1-9]\d{0,3})$/.exec(text) ?? []).slice(1).map(Number);
    if (number === undefined || of === undefined || number > of) {
      throw new UsageError(
        `--part ${JSON.stringify(text)} must be two whole numbers, as 1/2, the first at most the second`,
      );
    }
    return { number, of };
  });
}

/**
 * Those of the runs that are asked for here.
 *
 * @throws UsageError where there are none
 */
export function partOf<T>(runs: readonly T[], part: Part | undefined): readonly T[] {
  if (part === undefined) return runs;
  const { number, of } = part;
  const chosen = runs.filter((_, position) => position % of === number - 1);
  if (chosen.length === 0) {
    throw new UsageError(
      `--part ${number}/${of} leaves none of the ${runs.length} runs; give at most ${runs.length} ${runs.length === 1 ? 'part' : 'parts'}`,
    );
  }
  return chosen;
}
