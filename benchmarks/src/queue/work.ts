import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Progress } from '../progress.ts';
import { provenance } from '../provenance.ts';
import { runLabel } from '../settings.ts';
import { connect } from './connect.ts';
import { HeldJob } from './held-job.ts';
import type { JobData, JobProgress, JobResult } from './job.ts';
import { jobReporter } from './job-reporter.ts';
import { KeptRuns } from './kept-runs.ts';
import type { Ending, News } from './messages.ts';
import { codeInWords, PREFIX, queueName } from './queue-names.ts';
import type { RedisAddress } from './redis-address.ts';
import { sayInterruptions } from './say-interruptions.ts';
import { Trainer } from './trainer.ts';

/** How a worker works. */
export interface WorkOptions {
  readonly address: RedisAddress;
  /** As the queueing command shows it. */
  readonly name: string;
  readonly checkpointSeconds: number;
  /** So long without a sign of life, and a worker's run passes to another. */
  readonly lostSeconds: number;
  /** Ends after so many runs. */
  readonly limit: number;
  /** Ends after so long without a run. */
  readonly idleSeconds: number;
  readonly progress: Progress;
  /** Stops after the step in progress, and gives the run back. */
  readonly signal: AbortSignal;
}

/** Workers that die are no fault of the run: it is never given up for that. */
const MOST_STALLS = 1_000_000;

const TICK = 200;
/** In one tick: a server that refuses a command, as one without memory left, refuses it again. */
const MOST_ERRORS = 20;

/**
 * Takes one run after the other from the queue, and trains it from its last checkpoint.
 *
 * @returns the number of runs that it finished
 * @throws Error when Redis cannot be reached at the start, or when this machine cannot train what is queued
 */
export async function work(options: WorkOptions): Promise<number> {
  const redis = await connect(options.address);
  try {
    const code = await provenance();
    options.progress.say(`${options.name}: takes runs of ${codeInWords(code)}, at ${options.address.shown}`);
    return await new QueueWorker(redis, queueName(code), options).untilDone();
  } finally {
    redis.disconnect();
  }
}

class QueueWorker {
  readonly #redis: Redis;
  readonly #options: WorkOptions;
  readonly #kept: KeptRuns;
  readonly #trainer = new Trainer();
  readonly #worker: Worker<JobData, JobResult>;
  #held: HeldJob | undefined;
  #finished = 0;
  #idleSince: number | undefined = performance.now();
  #unable: Error | undefined;
  #lastError = '';
  /** Since the last tick. */
  #errors = 0;

  constructor(redis: Redis, queue: string, options: WorkOptions) {
    this.#redis = redis;
    this.#options = options;
    this.#kept = new KeptRuns(redis, queue);
    const lostMilliseconds = Math.round(1000 * options.lostSeconds); // Redis takes whole ones
    this.#worker = new Worker<JobData, JobResult>(queue, (job, token) => this.#take(job, token!), {
      connection: redis,
      prefix: PREFIX,
      name: options.name,
      autorun: false,
      lockDuration: lostMilliseconds,
      stalledInterval: Math.round(lostMilliseconds / 2),
      maxStalledCount: MOST_STALLS,
    });
  }

  /** Takes jobs until there is a reason to end. */
  async untilDone(): Promise<number> {
    const { signal, idleSeconds, address, progress } = this.#options;
    const worker = this.#worker;
    const silence = sayInterruptions(this.#redis, address.shown, progress.say);
    worker.on('lockRenewalFailed', (jobs) => {
      if (this.#held !== undefined && jobs.includes(this.#held.id)) this.#held.lose();
    });
    worker.on('error', ({ message }) => this.#hearError(message));
    const stop = (): void => void worker.close(); // once the job in progress has come to its end
    signal.addEventListener('abort', stop, { once: true });
    const idle = setInterval(() => {
      this.#errors = 0;
      if (this.#idleSince !== undefined && performance.now() - this.#idleSince >= 1000 * idleSeconds) stop();
    }, TICK);
    try {
      if (!signal.aborted) await worker.run();
      await worker.close();
    } finally {
      clearInterval(idle);
      signal.removeEventListener('abort', stop);
      this.#trainer.close();
      silence();
    }
    if (this.#unable !== undefined) throw this.#unable;
    return this.#finished;
  }

  /** BullMQ goes on after any error, and without a pause after those that are not of the connection. */
  #hearError(message: string): void {
    if (this.#worker.closing !== undefined || isOfConnection(message)) return;
    const { address, progress } = this.#options;
    if (message !== this.#lastError) progress.say(`${address.shown}: ${message}`);
    this.#lastError = message;
    this.#errors++;
    if (this.#errors < MOST_ERRORS) return;
    this.#unable = new Error(
      `--queue ${address.shown} refuses what a worker needs (${message}); mend that and start again`,
    );
    void this.#worker.close();
  }

  /** What BullMQ calls with each job; how it ends decides where the job goes. */
  async #take(job: Job<JobData, JobResult>, token: string): Promise<JobResult> {
    const { signal, name, progress, limit } = this.#options;
    this.#idleSince = undefined;
    try {
      if (signal.aborted) return await this.#handBack(job, token);
      const held = new HeldJob(job.id!, token, this.#kept);
      this.#held = held;
      const update = (report: JobProgress): Promise<void> => job.updateProgress(report);
      const reporter = jobReporter(job.data, { worker: name, progress, update });
      const ending = await this.#train(held, job.data, reporter.hear).finally(progress.end);
      if (!(await held.settled())) throw this.#lost(job);
      if (ending.kind === 'stopped') return await this.#handBack(job, token);
      if (ending.kind === 'unable') {
        await reporter.unable(ending.reason);
        this.#unable = new Error(`${runLabel(job.data.settings)} cannot be trained on this machine: ${ending.reason}`);
        void this.#worker.close();
        return await this.#handBack(job, token);
      }
      if (ending.kind === 'failed') throw new UnrecoverableError(ending.reason);
      this.#finished++;
      if (this.#finished >= limit) void this.#worker.close();
      progress.say(`${runLabel(job.data.settings)}: ${ending.diverged ? 'diverged' : 'finished'}`);
      return { worker: name, weightsDigest: ending.weightsDigest };
    } finally {
      this.#held = undefined;
      this.#idleSince = performance.now();
    }
  }

  async #train(held: HeldJob, { settings }: JobData, hear: (news: News) => void): Promise<Ending> {
    const from = await this.#kept.get(held.id);
    const place = `${this.#options.address.shown} ${this.#kept.keyOf(held.id)}`;
    const order = { settings, from, place, checkpointSeconds: this.#options.checkpointSeconds };
    const hearAll = (news: News): void => {
      if (news.kind === 'checkpoint') held.keep(news.bytes);
      else hear(news);
    };
    return this.#trainer.train(order, hearAll, AbortSignal.any([this.#options.signal, held.lost]));
  }

  /** The next worker that is free takes it. Returns nothing, but throws what tells BullMQ not to end the job. */
  async #handBack(job: Job<JobData, JobResult>, token: string): Promise<never> {
    try {
      await job.moveToWait(token);
    } catch {
      throw this.#lost(job); // Redis was away for too long
    }
    this.#options.progress.say(`${runLabel(job.data.settings)}: given back`);
    throw new WaitingError();
  }

  #lost(job: Job<JobData, JobResult>): Error {
    this.#options.progress.say(
      `${runLabel(job.data.settings)}: no longer this worker's, which was taken for lost; left to the next`,
    );
    return new WaitingError();
  }
}

/** Of these `sayInterruptions` tells once. */
function isOfConnection(message: string): boolean {
  return /ECONN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENOTFOUND|Connection is closed|could not renew lock/.test(message);
}
