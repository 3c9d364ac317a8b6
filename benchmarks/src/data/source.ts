import type { DataFile } from './verify.ts';

/** What a source may use while it works. */
export interface FetchContext {
  /** Prints one line. */
  readonly say: (line: string) => void;
  /** Shows how far a long transfer is; `total` is undefined where the sender does not say. */
  readonly transferred: (name: string, bytes: number, total: number | undefined) => void;
  /** Aborted when the user wants to stop. */
  readonly signal: AbortSignal;
}

/** A file as a source has it, unpacked and not verified yet; never much longer than the file should be. */
export interface FetchedFile {
  readonly file: DataFile;
  readonly content: Uint8Array;
}

/** A place that may have the files of a data set. */
export interface Source {
  /** For messages. */
  readonly name: string;
  /** Yields those of the files that it has; none at all is no error. Throws in one sentence when it fails. */
  read(files: readonly DataFile[], context: FetchContext): AsyncIterable<FetchedFile>;
}
