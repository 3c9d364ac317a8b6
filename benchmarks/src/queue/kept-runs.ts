import type { Redis } from 'ioredis';
import { PREFIX } from './queue-names.ts';

const DAY = 24 * 60 * 60;
/** A checkpoint that nobody writes or fetches is gone after so long. */
export const KEPT_SECONDS: number = 30 * DAY;
/** One that somebody has fetched: others may have asked for the same run. */
export const FETCHED_SECONDS: number = DAY;

// In one step: between a question and a write the job could pass to another worker.
const PUT_IF_HELD = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'EX', ARGV[3])
return 1`;

/** The checkpoints of the runs of a queue, each the bytes of its file, in Redis: workers share no disk. */
export class KeptRuns {
  readonly #redis: Redis;
  readonly #queue: string;

  constructor(redis: Redis, queue: string) {
    this.#redis = redis;
    this.#queue = queue;
  }

  async get(job: string): Promise<Uint8Array | undefined> {
    return (await this.#redis.getBuffer(this.keyOf(job))) ?? undefined;
  }

  /** Gives a run where to begin, unless it has begun. */
  async begin(job: string, bytes: Uint8Array): Promise<void> {
    await this.#redis.set(this.keyOf(job), Buffer.from(bytes), 'EX', KEPT_SECONDS, 'NX');
  }

  /**
   * Keeps how far a run is, or what came out, if the job is still this worker's: one that was given up for dead while it
   * was only slow changes nothing any more.
   *
   * @param token what BullMQ gave the worker with the job
   * @returns whether it was kept
   */
  async put(job: string, token: string, bytes: Uint8Array): Promise<boolean> {
    const lock = `${PREFIX}:${this.#queue}:${job}:lock`;
    const kept = await this.#redis.eval(
      PUT_IF_HELD,
      2,
      lock,
      this.keyOf(job),
      token,
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      KEPT_SECONDS,
    );
    return kept === 1;
  }

  /** Its results are where they were asked for. */
  async fetched(job: string): Promise<void> {
    await this.#redis.expire(this.keyOf(job), FETCHED_SECONDS);
  }

  keyOf(job: string): string {
    return `${PREFIX}:checkpoint:${this.#queue}:${job}`;
  }
}
