import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { runIn } from '../checkpoint/run-checkpoint.ts';
import { provenance } from '../provenance.ts';
import type { RunSettings } from '../settings.ts';
import { connect } from './connect.ts';
import { ATTEMPTS, type JobData, type JobProgress } from './job.ts';
import { KeptRuns } from './kept-runs.ts';
import { codeInWords, jobId, PREFIX, queueName } from './queue-names.ts';
import type { RedisAddress } from './redis-address.ts';
import { sayInterruptions } from './say-interruptions.ts';

const DAY = 24 * 60 * 60 * 1000;

/** How the job of a run stands. */
export type Standing =
  | { readonly state: 'waiting' }
  | { readonly state: 'training'; readonly progress: JobProgress | undefined }
  | { readonly state: 'failed'; readonly reason: string }
  /** The bytes are those of its checkpoint. */
  | { readonly state: 'over'; readonly bytes: Uint8Array };

/** Whether the bytes of a checkpoint are those of a run that is over; of damaged ones the worker tells that takes them. */
function isOver(bytes: Uint8Array): boolean {
  try {
    return runIn(bytes, 'the checkpoint').summary !== undefined;
  } catch {
    return false;
  }
}

/** The queue of the runs of this code, as who fills it and waits for them sees it. */
export class RunQueue {
  /** The server, in words. */
  readonly shown: string;
  /** What workers must have, in words. */
  readonly code: string;
  readonly #redis: Redis;
  readonly #queue: Queue<JobData>;
  readonly #kept: KeptRuns;
  #silence: () => void = () => {};

  private constructor(redis: Redis, address: RedisAddress, name: string, code: string) {
    this.shown = address.shown;
    this.code = code;
    this.#redis = redis;
    this.#kept = new KeptRuns(redis, name);
    this.#queue = new Queue<JobData>(name, { connection: redis, prefix: PREFIX });
    this.#queue.on('error', () => {}); // `sayInterruptions` tells of those of the connection
  }

  /** @throws Error when no Redis answers at the address */
  static async open(address: RedisAddress): Promise<RunQueue> {
    const redis = await connect(address);
    const code = await provenance();
    const queue = new RunQueue(redis, address, queueName(code), codeInWords(code));
    try {
      await queue.#queue.clean(30 * DAY, 10_000, 'failed');
      return queue;
    } catch (error) {
      await queue.close();
      throw error;
    }
  }

  /** Says when the server goes away, and when it is back. */
  sayInterruptions(say: (line: string) => void): void {
    this.#silence = sayInterruptions(this.#redis, this.shown, say);
  }

  /**
   * Adds a run, unless it is there; one that failed is tried again.
   *
   * @param from the bytes of a checkpoint to begin from, unless it has begun
   * @returns whether it is new
   */
  async add(settings: RunSettings, from: Uint8Array | undefined): Promise<boolean> {
    const id = jobId(settings);
    const state = await this.#queue.getJobState(id);
    if (state === 'failed') await this.#queue.remove(id);
    if (from !== undefined) await this.#kept.begin(id, from);
    const isNew = state === 'failed' || state === 'unknown';
    if (isNew && (await this.#isOver(id))) return false; // somebody else had it trained: it only has to be fetched
    await this.#queue.add('run', { settings }, { jobId: id, attempts: ATTEMPTS });
    return isNew;
  }

  /** How a run stands that was added; one that Redis has forgotten, as after a restart without its disk, is added again. */
  async standing(settings: RunSettings): Promise<Standing> {
    const id = jobId(settings);
    const state = await this.#queue.getJobState(id);
    if (state === 'active') {
      const progress = (await this.#queue.getJob(id))?.progress as JobProgress | 0 | undefined;
      return { state: 'training', progress: progress || undefined };
    }
    if (state === 'failed') {
      return { state, reason: (await this.#queue.getJob(id))?.failedReason ?? 'it was taken away meanwhile' };
    }
    // Whoever else waits for it may have taken the job away: its checkpoint stays for them.
    if (state === 'completed' || state === 'unknown') {
      const bytes = await this.#kept.get(id);
      if (bytes !== undefined && isOver(bytes)) return { state: 'over', bytes };
      await this.#queue.remove(id);
      await this.add(settings, undefined);
    }
    return { state: 'waiting' };
  }

  /** Takes away a run whose results are where they were asked for. */
  async fetched(settings: RunSettings): Promise<void> {
    await this.#kept.fetched(jobId(settings));
    await this.#queue.remove(jobId(settings));
  }

  /** Workers that are there now, for runs of this code. */
  async workers(): Promise<number> {
    return this.#queue.getWorkersCount();
  }

  async #isOver(id: string): Promise<boolean> {
    const bytes = await this.#kept.get(id);
    return bytes !== undefined && isOver(bytes);
  }

  /** At once: what waits for a server that is away is given up. */
  async close(): Promise<void> {
    this.#silence();
    this.#redis.disconnect();
    await this.#queue.close().catch(() => {});
  }
}
