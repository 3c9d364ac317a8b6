/**
 * A value that a checkpoint cannot hold, bytes that are no whole checkpoint, or a file that cannot be read or written.
 * The message is one sentence that names the path or the file, what is wrong, and the remedy.
 */
export class CheckpointError extends Error {
  /** Tells it from other errors, also across realms. */
  override readonly name = 'CheckpointError';
}
