/** What a run leaves behind: `summary.json` holds {@link RunSummary}s, `metrics.jsonl` one {@link MetricsLine} a line. */

/** One finished (or stopped) training run: its settings, what came out, and where it was made. */
export interface RunSummary {
  /** `fashion-mnist`; made data says in brackets that it is no real data. */
  readonly dataset: string;
  /** `conv4-16`, `conv4-32` */
  readonly model: string;
  /** `sgd`, `sam` … */
  readonly optimizer: string;
  /** The engine of TensorFlow.js, by its name in `@flatmin/engines`: `wasm`, `cpu` */
  readonly backend: string;
  readonly seed: number;
  /** Epochs finished; `epochsAsked` says how many were wanted. */
  readonly epochs: number;
  readonly epochsAsked: number;
  readonly batchSize: number;
  /** Training images used. */
  readonly trainImages: number;
  readonly learningRate: number;
  readonly momentum: number;
  /** How the learning rate goes from step to step: `cosine` falls to zero at the end; absent: it stays. */
  readonly schedule?: 'cosine';
  /** The share of the training labels that were shuffled among themselves; absent: none. */
  readonly labelNoise?: number;
  /** What was done to training images at random, between commas: `pad-crop,flip`; absent: nothing. */
  readonly augment?: string;
  /** The first so many of the one permutation of training images, which all others are taken from; absent: all. */
  readonly subset?: number;
  /** Training images held out to be judged on; absent: none, the test set judges. */
  readonly validation?: number;
  /** The length of the perturbation; null for optimizers without one. */
  readonly rho: number | null;
  readonly parameters: number;
  /** What `testAccuracy` was measured on: `test`, or `validation` for images held out of the training set. */
  readonly evaluatedOn: 'test' | 'validation';
  /** On all images of `evaluatedOn` at the end; null when the run was stopped before. */
  readonly testAccuracy: number | null;
  readonly testLoss: number | null;
  /** Mean training loss of the last finished epoch; null when none finished. */
  readonly trainLoss: number | null;
  readonly trainAccuracy: number | null;
  /** L(w + ρĝ) − L(w) at ρ = .05 over a fixed 2,000 training images (all, where fewer are used), inference mode. */
  readonly sharpness: number | null;
  readonly secondsPerEpoch: number | null;
  /** Gradients of a batch computed in all; one of a part of a batch counts by its share. */
  readonly gradientEvaluations: number;
  /** It ended before all was done: the user stopped it, or it diverged. */
  readonly stopped: boolean;
  /** The training loss was no longer a finite number, which ended the run. */
  readonly diverged?: true;
  /** SHA-256 of the final weights: equal digests are equal runs. */
  readonly weightsDigest: string;
  /** The commit of the code, `-dirty` behind it when the tree held changes; `unknown` outside a checkout. */
  readonly commit: string;
  readonly startedAt: string;
  readonly machine: string;
  readonly node: string;
}

/** `summary.json` */
export interface Summary {
  readonly runs: readonly RunSummary[];
}

/** One line of `metrics.jsonl`. `run` is the position of the run in `summary.json`. */
export type MetricsLine =
  | {
      readonly kind: 'step';
      readonly run: number;
      readonly optimizer: string;
      readonly seed: number;
      readonly epoch: number;
      /** Counted from 1 through the run. */
      readonly step: number;
      /** Mean over the batch; where a run has many steps, over those since the line before. */
      readonly loss: number;
    }
  | {
      readonly kind: 'epoch';
      readonly run: number;
      readonly optimizer: string;
      readonly seed: number;
      /** Counted from 1. */
      readonly epoch: number;
      /** Steps of the run so far. */
      readonly step: number;
      readonly trainLoss: number;
      readonly trainAccuracy: number;
      /** On 2,000 images of the test (or validation) set. */
      readonly testAccuracy: number;
      readonly testLoss: number;
      readonly seconds: number;
    }
  | {
      readonly kind: 'answers';
      readonly run: number;
      readonly optimizer: string;
      readonly seed: number;
      /** Which images of `evaluatedOn` were right at the end: base64 of a bit each, the first in the lowest. */
      readonly right: string;
    };
