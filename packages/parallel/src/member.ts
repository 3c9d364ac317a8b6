import { type Floats, type Layout, type Sheet, write } from './layout.ts';
import { handedOver, type Memory, numbers } from './memory.ts';
import type { AnswerReport, Order, Report, Task } from './protocol.ts';
import { startThread, type Thread, type WorkerModule } from './thread.ts';
import { WorkerError, type WorkerTrouble } from './worker-error.ts';

/** What a member of a pool is made from. */
export interface MemberOptions {
  readonly module: WorkerModule;
  readonly index: number;
  readonly count: number;
  readonly data: unknown;
  /** Of an evaluation, in milliseconds. */
  readonly timeout: number;
  /** Of opening, in milliseconds. */
  readonly openTimeout: number;
  readonly memory: Memory;
}

/** What a replica begins with. */
export interface Beginning {
  readonly weights: Floats;
  readonly statistics: Floats;
}

/** An answer; its trees are views of memory that the next evaluation overwrites. */
export interface Answered extends Beginning, Pick<AnswerReport, 'loss' | 'samples' | 'losses'> {}

interface Waiting {
  readonly resolve: (report: Report) => void;
  readonly reject: (error: Error) => void;
}

const contents = ['parallel: the tree of weights to evaluate at', 'parallel: the tree of statistics'];
const again = 'weights and state are as before the step, and a new worker takes its place: do the step again';

/** One worker of a pool, and whoever takes its place. It is asked one thing at a time. */
export class Member {
  readonly #options: MemberOptions;
  #thread: Thread | undefined;
  #waiting: Waiting | undefined;
  #opening: Promise<Beginning> | undefined;
  #layout: Layout | undefined;
  #boxes: { readonly inbox: Float32Array; readonly outbox: Float32Array } | undefined;
  #isOpen = false;
  #isOver = false;

  constructor(options: MemberOptions) {
    this.#options = options;
  }

  /** Waits until the worker has its replica; starts it where there is none. */
  opened(): Promise<Beginning> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** Holds the worker, and those that take its place, to this layout. */
  keepTo(layout: Layout, [weights, statistics]: Sheet): void {
    if (!layout.fits([weights, statistics])) throw this.#unlike();
    this.#layout = layout;
  }

  /** Loss and gradient at these weights. */
  async evaluate(sheet: Sheet, { part, ...task }: Task): Promise<Answered> {
    await this.opened();
    const layout = this.#layout!;
    this.#boxes ??= { inbox: this.#numbers(layout), outbox: this.#numbers(layout) };
    const { inbox, outbox } = this.#boxes;
    for (const [place, views] of layout.views(inbox).entries()) write(contents[place]!, sheet[place]!, views);
    const order = { kind: 'evaluate', ...task, part, inbox, outbox } as const;
    const report = await this.#ask(() => this.#send(order, handedOver(inbox, outbox)), 'evaluation');
    const { loss, samples, losses, ...boxes } = report as AnswerReport;
    this.#boxes = { inbox: boxes.inbox, outbox: boxes.outbox };
    const [weights, statistics] = layout.views(boxes.outbox);
    return { loss, samples, ...(losses && { losses }), weights, statistics };
  }

  /** Ends the worker; what it was asked fails. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#drop(new Error('parallel: the pool was disposed of; make another.'));
  }

  async #open(): Promise<Beginning> {
    const { module, index, count, data } = this.#options;
    if (this.#isOver) throw new Error('parallel: the pool was disposed of; make another.');
    try {
      await this.#ask(() => {
        this.#thread = startThread(module, index, {
          report: (report) => this.#waiting?.resolve(report),
          died: (how) => this.#died(how),
        });
      }, 'opening');
      const report = await this.#ask(() => this.#send({ kind: 'open', index, count, data }, []), 'opening');
      const { weights, statistics } = report as Extract<Report, { kind: 'ready' }>;
      if (this.#layout?.fits([weights, statistics]) === false) throw this.#unlike();
      this.#isOpen = true;
      return { weights, statistics };
    } catch (error) {
      await this.#drop(error as Error);
      throw error;
    }
  }

  /** Does what makes the worker report, and waits for that. */
  async #ask(act: () => void, what: 'opening' | 'evaluation'): Promise<Report> {
    const timeout = this.#options[what === 'evaluation' ? 'timeout' : 'openTimeout'];
    let timer: ReturnType<typeof setTimeout> | undefined;
    let own: Waiting | undefined;
    try {
      const report = await new Promise<Report>((resolve, reject) => {
        own = this.#waiting = { resolve, reject };
        act();
        this.#thread?.hold(true);
        if (timeout === Number.POSITIVE_INFINITY) return;
        timer = setTimeout(() => this.#lose('silent', silence(what, timeout)), timeout);
      });
      if (report.kind !== 'failed') return report;
      throw this.#failure(report, what);
    } finally {
      clearTimeout(timer);
      // Where the worker is lost its successor has begun to open by now, and waits for reports of its own.
      if (this.#waiting === own) {
        this.#waiting = undefined;
        this.#thread?.hold(false);
      }
    }
  }

  #send(order: Order, transfer: ArrayBuffer[]): void {
    try {
      this.#thread!.send(order, transfer);
    } catch (cause) {
      const what = order.kind === 'open' ? 'its data' : 'its part of the batch';
      const story = `cannot be sent ${what} (${(cause as Error).message}); give typed arrays, records and other plain data.`;
      throw this.#error('threw', story, cause as Error);
    }
  }

  #failure(report: Extract<Report, { kind: 'failed' }>, what: string): WorkerError {
    if (report.inbox !== undefined) this.#boxes = { inbox: report.inbox, outbox: report.outbox! };
    const cause = Object.assign(new Error(report.message), report.stack !== undefined && { stack: report.stack });
    return this.#error('threw', `failed in its ${what}: ${report.message}`, cause);
  }

  #died(how: string): void {
    this.#lose('ended', this.#isOpen ? `${how}; ${again}.` : `${how} before it was open; see to its module and data.`);
  }

  /** The worker is of no use any more. One that had opened gets a successor. */
  #lose(kind: WorkerTrouble, story: string): void {
    const succeeds = this.#isOpen && !this.#isOver;
    void this.#drop(this.#error(kind, story));
    if (!succeeds) return;
    const opening = this.#open();
    this.#opening = opening;
    // Nobody waits for it yet. Should it fail, whoever does next tries again, and is told.
    opening.catch(() => {
      if (this.#opening === opening) this.#opening = undefined;
    });
  }

  async #drop(error: Error): Promise<void> {
    const [thread, waiting] = [this.#thread, this.#waiting];
    this.#thread = this.#waiting = this.#opening = this.#boxes = undefined;
    this.#isOpen = false;
    waiting?.reject(error);
    await thread?.end();
  }

  #numbers({ length }: Layout): Float32Array {
    return numbers(this.#options.memory, length);
  }

  #unlike(): WorkerError {
    const story = 'has other weights or statistics than worker 0; build the same model in all, whatever their index.';
    return this.#error('threw', story);
  }

  #error(kind: WorkerTrouble, story: string, cause?: Error): WorkerError {
    const { index, count } = this.#options;
    return new WorkerError(index, count, kind, story, cause && { cause });
  }
}

const silence = (what: 'opening' | 'evaluation', timeout: number): string =>
  what === 'evaluation'
    ? `gave no answer within ${timeout} ms, and was ended; ${again}, with a larger timeout if its evaluations take longer.`
    : `did not open within ${timeout} ms, and was ended; have its module call serve, or give a larger openTimeout.`;
