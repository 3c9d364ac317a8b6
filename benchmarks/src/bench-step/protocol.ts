/** What a program that is timed is started with, as JSON in its first argument. */
export interface StepProgramInput {
  /** An engine of TensorFlow.js. */
  readonly engine: string;
  readonly network: string;
  readonly optimizer: string;
  readonly batch: number;
}

/** What is timed: a whole step, or one loss and gradient alone. */
export type StepTask = 'step' | 'gradient';

/** A line to the program: take steps untimed until caches have settled, then so many. */
export interface TurnRequest {
  readonly task: StepTask;
  readonly steps: number;
}

/** A line from the program. */
export type ProgramLine =
  /** The first: what it runs on. */
  | { readonly ready: string }
  /** The answer to a turn: the time of its steps in all, and the gradients that they computed. */
  | { readonly ms: number; readonly gradients: number }
  /** In place of either; the program ends. */
  | { readonly error: string };
