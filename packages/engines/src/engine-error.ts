/**
 * An engine that there is not, or that does not start: one sentence that says why and what can be done.
 *
 * @example
 * ```ts
 * await openEngine('webgl'); // EngineError: engine webgl is not available: Node has no WebGL; take …
 * ```
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';
}
