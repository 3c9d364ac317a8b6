/**
 * An engine that there is not, or that does not start: one sentence that says why and what can be done.
 *
 * @example
 * ```ts
 * await openEngine('webgl'); // EngineError: engine webgl is not available: Node has no WebGL; take …
 * ```
 */
export class EngineError extends Error {
  /** Its class. */
  override readonly name = 'EngineError';
  /** `unknown`: no engine has that name. `absent`: this machine lacks it. `broken`: it is there, and does not start. */
  readonly kind: 'unknown' | 'absent' | 'broken';

  /** Made by {@link openEngine}. */
  constructor(kind: EngineError['kind'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
