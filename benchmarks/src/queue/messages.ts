import type { RunSettings } from '../settings.ts';
import type { EpochEvent, StepEvent } from '../train.ts';

/** What a worker asks its training process for. */
export type Order =
  | {
      readonly kind: 'train';
      readonly settings: RunSettings;
      /** Where the run stands: the bytes of its checkpoint; absent: at its beginning. */
      readonly from: Uint8Array | undefined;
      /** What messages call these bytes. */
      readonly place: string;
      readonly checkpointSeconds: number;
    }
  /** After the step in progress, with a checkpoint. */
  | { readonly kind: 'stop' };

/** What a training process tells while it trains. */
export type News =
  | { readonly kind: 'say'; readonly line: string }
  /** After so many steps that were taken before. */
  | { readonly kind: 'begin'; readonly stepsDone: number }
  | { readonly kind: 'step'; readonly event: StepEvent }
  | { readonly kind: 'epoch'; readonly event: EpochEvent }
  | { readonly kind: 'measuring' }
  /** The bytes of a checkpoint. */
  | { readonly kind: 'checkpoint'; readonly bytes: Uint8Array };

/** How a training ends. */
export type Ending =
  /** The last checkpoint told has all of it. */
  | { readonly kind: 'over'; readonly weightsDigest: string; readonly diverged: boolean }
  | { readonly kind: 'stopped' }
  /** It would fail anywhere. */
  | { readonly kind: 'failed'; readonly reason: string }
  /** This machine cannot: it lacks the engine, or the data. */
  | { readonly kind: 'unable'; readonly reason: string };

/** What a training process sends. */
export type Report = News | { readonly kind: 'end'; readonly ending: Ending };
