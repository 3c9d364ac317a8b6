import { SingleBar } from 'cli-progress';
import type { EpochEvent, StepEvent } from './train.ts';

/** The run that is shown. */
export interface ShownRun {
  readonly label: string;
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  /** Before it is shown. */
  readonly stepsDone: number;
}

/** Shows a training run while it goes on. */
export interface Progress {
  readonly begin: (run: ShownRun) => void;
  readonly step: (event: StepEvent) => void;
  readonly epoch: (event: EpochEvent) => void;
  /** Prints a line, and takes away what stood half-drawn. */
  readonly say: (line: string) => void;
  /** Takes away what stands half-drawn; to be called however a run ends. */
  readonly end: () => void;
}

/** Where progress is shown: a terminal gets a bar, anything else plain lines. */
export type ProgressStream = NodeJS.WritableStream & { readonly isTTY?: boolean };

const SECONDS_BETWEEN_LINES = 5;

/** How the steps of one run are shown. */
interface Display {
  readonly step: (event: StepEvent, run: ShownRun, pace: Pace) => void;
  readonly clear: () => void;
}

/** Progress on a stream. `now` gives milliseconds. */
export function createProgress(stream: ProgressStream, now: () => number = () => performance.now()): Progress {
  const print = (line: string): void => void stream.write(`${line}\n`);
  const display = stream.isTTY ? bar(stream) : lines(print, now);
  let run: ShownRun = { label: '', epochs: 0, stepsPerEpoch: 0, stepsDone: 0 };
  let start = { at: now(), step: 0 }; // of the epoch, as far as it is shown
  const say = (line: string): void => {
    display.clear();
    print(line);
  };
  return {
    begin(shown) {
      run = shown;
      start = { at: now(), step: run.stepsDone };
      const what = run.stepsDone === 0 ? 'training' : `going on after step ${run.stepsDone}`;
      say(`${run.label}: ${what}, steps an epoch: ${run.stepsPerEpoch}, epochs: ${run.epochs}`);
    },
    step(event) {
      display.step(
        event,
        run,
        pace(event, run, { steps: event.step - start.step, seconds: (now() - start.at) / 1000 }),
      );
    },
    epoch(event) {
      say(epochLine(event, run));
      start = { at: now(), step: event.step };
    },
    say,
    end: display.clear,
  };
}

function bar(stream: ProgressStream): Display {
  const bar = new SingleBar({
    stream,
    format: 'epoch {epoch} {bar} step {value}/{total}  {means}  {pace}',
    barsize: 24,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    clearOnComplete: true,
    gracefulExit: false, // Ctrl-C is listened for elsewhere
  });
  return {
    step(event, { epochs, stepsPerEpoch }, pace) {
      const payload = { epoch: `${event.epoch}/${epochs}`, means: means(event), pace: paceText(pace) };
      const step = stepInEpoch(event, stepsPerEpoch);
      if (bar.isActive) bar.update(step, payload);
      else bar.start(stepsPerEpoch, step, payload);
    },
    clear: () => bar.stop(),
  };
}

function lines(print: (line: string) => void, now: () => number): Display {
  let shownAt = now();
  return {
    step(event, { label, epochs, stepsPerEpoch }, pace) {
      if (now() - shownAt < SECONDS_BETWEEN_LINES * 1000) return;
      shownAt = now();
      const where = `epoch ${event.epoch}/${epochs}, step ${stepInEpoch(event, stepsPerEpoch)}/${stepsPerEpoch}`;
      print(`${label}: ${where}, ${means(event)}, ${paceText(pace)}`);
    },
    clear() {
      shownAt = now();
    },
  };
}

interface Pace {
  readonly stepsPerSecond: number;
  /** Of training; the evaluations between epochs are not in it. */
  readonly secondsLeft: number;
}

function pace(
  event: StepEvent,
  { epochs, stepsPerEpoch }: ShownRun,
  { steps, seconds }: { readonly steps: number; readonly seconds: number },
): Pace {
  const stepsPerSecond = steps / seconds;
  return { stepsPerSecond, secondsLeft: (epochs * stepsPerEpoch - event.step) / stepsPerSecond };
}

function stepInEpoch({ epoch, step }: StepEvent, stepsPerEpoch: number): number {
  return step - (epoch - 1) * stepsPerEpoch;
}

function means({ lossSoFar, accuracySoFar }: StepEvent): string {
  return `loss ${lossSoFar.toFixed(4)}, accuracy ${accuracySoFar.toFixed(4)}`;
}

function paceText({ stepsPerSecond, secondsLeft }: Pace): string {
  return `${stepsPerSecond.toFixed(1)} steps/s, ${duration(secondsLeft)} left`;
}

function epochLine(event: EpochEvent, { label, epochs }: ShownRun): string {
  const { epoch, trainLoss, trainAccuracy, testLoss, testAccuracy, seconds } = event;
  const trained = `training loss ${trainLoss.toFixed(4)}, accuracy ${trainAccuracy.toFixed(4)}`;
  const tested = `held-out loss ${testLoss.toFixed(4)}, accuracy ${testAccuracy.toFixed(4)}`;
  return `${label}: epoch ${epoch}/${epochs} in ${duration(seconds)}, ${trained}; ${tested}`;
}

/** `5 s`, `1:07 min`, `2:05 h` */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  const two = (value: number): string => String(value).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)}:${two(whole % 60)} min`;
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)} h`;
}
