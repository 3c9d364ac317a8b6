/**
 * Lets the evaluations of one step see the same random numbers: those that the first drew are replayed in the
 * others. Dropout masks and noise, which TensorFlow.js seeds from `Math.random()`, are then the same in all
 * passes of a step, and fresh at the next step.
 */
export class SharedRandomness {
  readonly #draws: number[] = [];

  /** Runs a synchronous function whose `Math.random()` draws are the step's, from the first on. */
  run<R>(f: () => R): R {
    const original = Math.random;
    let position = 0;
    Math.random = () => {
      // A pass may draw more than those before it; then it adds to what is shared.
      if (position === this.#draws.length) this.#draws.push(original());
      return this.#draws[position++]!;
    };
    try {
      return f();
    } finally {
      Math.random = original;
    }
  }
}
