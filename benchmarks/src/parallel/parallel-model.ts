import type { ModelInput } from '../models/model.ts';

/** What each worker builds. */
export interface ParallelModel extends ModelInput {
  /** Name of a network. */
  readonly network: string;
  /** Name of an engine. */
  readonly engine: string;
}

/** A worker's part of a batch, as it is sent. */
export type ImagePart = {
  /** As the network is given them, image after image. */
  readonly pixels: Float32Array;
  /** One class an image. */
  readonly labels: Uint8Array;
};
