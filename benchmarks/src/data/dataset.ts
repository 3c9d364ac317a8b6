import type { LabelledImages } from './images.ts';
import type { FetchContext } from './source.ts';

/** A data set's two parts, as its makers split it. */
export interface Splits {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
}

/** A file of a data set as it lies on this machine. */
export interface LocalFile {
  readonly name: string;
  readonly sha256: string;
  readonly path: string;
}

/** A data set by name. */
export interface Dataset {
  readonly name: string;
  /** What results call it: its name, and whether it is no real data. */
  readonly label: string;
  /** One line for the help. */
  readonly description: string;
  readonly trainImages: number;
  readonly testImages: number;
  /** Fetches what is missing, verifies and decodes. */
  load(context: FetchContext): Promise<Splits>;
  /** Its files once loaded; none for data that is made. */
  files(): readonly LocalFile[];
}
