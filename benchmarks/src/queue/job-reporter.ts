import type { Progress } from '../progress.ts';
import { runLabel } from '../settings.ts';
import { stepsPerEpoch } from '../steps.ts';
import type { JobData, JobProgress } from './job.ts';
import type { News } from './messages.ts';

const MILLISECONDS_BETWEEN = 1_000;

/** Tells of a job where its worker runs, and through the queue. */
export interface JobReporter {
  readonly hear: (news: News) => void;
  /** Tells the queue that this machine cannot do it. */
  readonly unable: (reason: string) => Promise<void>;
}

/** The reporter of one job. `update` sends what takes the place of the report before. */
export function jobReporter(
  { settings }: JobData,
  {
    worker,
    progress,
    update,
  }: {
    readonly worker: string;
    readonly progress: Progress;
    readonly update: (report: JobProgress) => Promise<void>;
  },
  now: () => number = () => performance.now(),
): JobReporter {
  const label = runLabel(settings);
  let report: JobProgress = { worker, from: 0, epoch: 1, step: 0, loss: null, accuracy: null };
  let sentAt = Number.NEGATIVE_INFINITY;
  let sending = false;
  /** One at a time: while Redis is away they would pile up. */
  const send = async (): Promise<void> => {
    sending = true;
    sentAt = now();
    await update(report).catch(() => {}); // the next one may get through
    sending = false;
  };
  return {
    hear(news) {
      if (news.kind === 'say') progress.say(news.line);
      else if (news.kind === 'begin') {
        const { stepsDone } = news;
        report = { ...report, from: stepsDone, step: stepsDone };
        progress.begin({ label, epochs: settings.epochsAsked, stepsPerEpoch: stepsPerEpoch(settings), stepsDone });
        void send();
      } else if (news.kind === 'step') {
        progress.step(news.event);
        const { epoch, step, lossSoFar, accuracySoFar } = news.event;
        report = { ...report, epoch, step, loss: lossSoFar, accuracy: accuracySoFar };
        if (!sending && now() - sentAt >= MILLISECONDS_BETWEEN) void send();
      } else if (news.kind === 'epoch') progress.epoch(news.event);
      else if (news.kind === 'measuring') {
        progress.say(`${label}: measuring accuracy on all held-out images, and sharpness`);
      }
    },
    async unable(reason) {
      report = { ...report, unable: reason };
      await send();
    },
  };
}
