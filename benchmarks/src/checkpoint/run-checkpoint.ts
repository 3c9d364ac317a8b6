import { CheckpointError, decode, type Plain } from '@flatmin/checkpoint';
import { readCheckpoint } from '@flatmin/checkpoint/node';
import type { Course } from '../course.ts';
import { UsageError } from '../errors.ts';
import type { LearnerState } from '../learners/learner.ts';
import type { SavedWeights } from '../models/saved-weights.ts';
import type { RunSummary } from '../results.ts';
import type { EpochEvent } from '../train.ts';
import { fileAt, type Place } from './place.ts';
import { difference, type RunIdentity, withCodeOf } from './run-identity.ts';

/** A run between two of its steps: all that is needed to go on as if it had never been stopped. */
export interface Standing {
  readonly course: Course;
  readonly weights: SavedWeights;
  readonly learner: LearnerState;
}

/** A run that is over. */
export interface Outcome {
  readonly course: Course;
  readonly summary: RunSummary;
}

/** An interface as a type of its own: only such a one passes for a record of plain data. */
type Data<T> = { readonly [Key in keyof T]: T[Key] };

/** What the file holds. */
type Content = {
  readonly format: string;
  readonly version: number;
  readonly identity: RunIdentity;
  readonly course: Data<Omit<Course, 'losses' | 'epochs'>> & {
    readonly losses: Float64Array;
    readonly epochs: readonly Data<EpochEvent>[];
  };
  readonly weights: SavedWeights;
  /** While it is not finished. */
  readonly learner?: LearnerState;
  /** Once it is finished. */
  readonly summary?: Data<RunSummary>;
};

const FORMAT = 'flatmin-benchmark-run';
const VERSION = 1;

/** Where one run is kept, mostly a file, so that it can go on after its program has ended, however that was. */
export class RunCheckpoint {
  /** Where the run stood when it was opened. */
  readonly standing: Standing | undefined;
  /** What came out, where the run was finished when it was opened. */
  readonly outcome: Outcome | undefined;
  readonly path: string;
  readonly #place: Place;
  readonly #identity: RunIdentity;
  readonly #milliseconds: number;
  #since: number | undefined;

  private constructor(place: Place, identity: RunIdentity, seconds: number, content: Content | undefined) {
    this.path = place.path;
    this.#place = place;
    this.#identity = identity;
    this.#milliseconds = 1000 * seconds;
    if (content === undefined) return;
    const { weights, learner, summary } = content;
    const course = { ...content.course, losses: [...content.course.losses], epochs: [...content.course.epochs] };
    if (learner !== undefined) this.standing = { course, weights, learner };
    if (summary !== undefined) this.outcome = { course, summary };
  }

  /**
   * Opens the checkpoint of a run; the place may be empty, the file need not be there yet.
   *
   * @param seconds how long after one is written the next is due
   * @throws UsageError for a file that is not whole, none of the benchmark's, or of another run
   */
  static async open(at: string | Place, identity: RunIdentity, seconds: number): Promise<RunCheckpoint> {
    const place = typeof at === 'string' ? fileAt(at) : at;
    const content = await contentAt(place);
    // What is over was made by the code that it names; only to go on takes the same.
    const over = content?.summary !== undefined;
    const differs = content && difference(content.identity, over ? withCodeOf(content.identity, identity) : identity);
    if (differs !== undefined) {
      throw new UsageError(
        `${place.path} keeps a run with ${differs.kept}, and this one has ${differs.asked}; ${place.remedy}`,
      );
    }
    return new RunCheckpoint(place, identity, seconds, content);
  }

  /** Whether it is time to write; the first time is so long after the first question. */
  isDue(now: number = performance.now()): boolean {
    this.#since ??= now;
    return now - this.#since >= this.#milliseconds;
  }

  /** Keeps where the run stands. */
  async write({ course, weights, learner }: Standing): Promise<void> {
    await this.#write({ course: kept(course), weights, learner });
    this.#since = performance.now();
  }

  /** Keeps what came out, and the weights trained. */
  async finish({ course, summary }: Outcome, weights: SavedWeights): Promise<void> {
    await this.#write({ course: kept(course), weights, summary });
  }

  async #write(content: Omit<Content, 'format' | 'version' | 'identity'>): Promise<void> {
    await this.#place.write({ format: FORMAT, version: VERSION, identity: this.#identity, ...content });
  }
}

function kept(course: Course): Content['course'] {
  return { ...course, losses: Float64Array.from(course.losses) };
}

/**
 * What the file of a run keeps, whatever code wrote it: `summary` where it is over.
 *
 * @throws UsageError for a file that is not whole, or none of the benchmark's
 */
export async function readRun(path: string): Promise<Pick<Content, 'identity' | 'course' | 'summary' | 'weights'>> {
  return checked(path, await told(readCheckpoint(path)));
}

/** The same of the bytes of such a file, which messages call `name`. */
export function runIn(bytes: Uint8Array, name: string): Pick<Content, 'identity' | 'course' | 'summary' | 'weights'> {
  return checked(name, decode(bytes, { name }));
}

async function contentAt({ path, read }: Place): Promise<Content | undefined> {
  const content = await told(read());
  return content === undefined ? undefined : checked(path, content);
}

// A checksum says that it is what was written; format and version say what that is.
function checked(path: string, plain: Plain): Content {
  const content = plain as unknown as Content | null;
  const again = 'move it away, and the run begins anew';
  if (content?.format !== FORMAT) throw new UsageError(`${path} is no checkpoint of a run of the benchmark; ${again}`);
  if (content.version !== VERSION) {
    throw new UsageError(
      `${path} is of version ${content.version}, and this benchmark reads version ${VERSION}; ${again}`,
    );
  }
  return content;
}

async function told<T>(reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    throw new UsageError(`${error.message.replace(/\.$/, '')}, or move it away, and the run begins anew`);
  }
}
