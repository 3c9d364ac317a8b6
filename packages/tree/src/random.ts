/**
 * A stream of standard normal numbers: splitmix32 for uniform bits, Box and Muller for the shape.
 *
 * Written here because this package depends on nothing; an engine draws with its own generator.
 *
 * Sources: Steele, Lea, Flood, "Fast splittable pseudorandom number generators" (2014), with the 32-bit
 * finalizer of MurmurHash3; Box and Muller (1958).
 */
export function normals(seed: number): () => number {
  const uniform = uniforms(seed);
  return () => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
    return radius * Math.cos(2 * Math.PI * uniform());
  };
}

/** A stream of uniform numbers in [0, 1) with 32 random bits each; the same for the same seed. */
export function uniforms(seed: number): () => number {
  // Scrambled first: the streams of seeds one step of the generator apart would be the same, shifted.
  let state = scramble(seed ^ 0x5bd1e995);
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    return scramble(state) / 2 ** 32;
  };
}

/** A 32-bit integer whose every bit depends on every bit of the input (MurmurHash3's finalizer). */
export function scramble(bits: number): number {
  let x = bits >>> 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}
