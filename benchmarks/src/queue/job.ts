import type { RunSettings } from '../settings.ts';

/** What a job of the queue asks for. */
export interface JobData {
  readonly settings: RunSettings;
}

/** How a job that a worker has stands; every message takes the place of the one before. */
export interface JobProgress {
  readonly worker: string;
  /** Steps that were taken before this worker had it. */
  readonly from: number;
  readonly epoch: number;
  /** Counted from 1 through the whole run. */
  readonly step: number;
  /** Means over the images of the epoch so far; JSON makes null of what is not finite. */
  readonly loss: number | null;
  readonly accuracy: number | null;
  /** Why the worker gives it back, where this machine cannot do it. */
  readonly unable?: string;
}

/** What a job that is done returns; the run itself is its checkpoint. */
export interface JobResult {
  readonly worker: string;
  readonly weightsDigest: string;
}

/** A crash of the process that trains may be the machine's fault, or once: so often a run is tried. */
export const ATTEMPTS = 3;
