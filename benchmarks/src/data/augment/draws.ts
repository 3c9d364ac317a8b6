import { createHash } from 'node:crypto';
import { type Random, randomFrom } from '../../random.ts';

/** What an image's random numbers depend on, and all they depend on. */
export interface Drawn {
  readonly seed: number;
  /** Counted from 1. */
  readonly epoch: number;
  /** Of the image in the order of the epoch, counted from 0. */
  readonly position: number;
}

/**
 * The random numbers of one image for one purpose. They are no part of a sequence: who goes on in the middle of an
 * epoch needs to know nothing of what was drawn before, and it is the same in which batch and thread an image is
 * prepared, and what else is done to it.
 */
export function drawsOf({ seed, epoch, position }: Drawn, purpose: string): Random {
  // Generators that begin with neighbouring numbers draw alike: the digest takes these far apart.
  const digest = createHash('sha256').update(`${purpose} ${seed} ${epoch} ${position}`).digest();
  return randomFrom([0, 4, 8, 12].map((at) => digest.readInt32LE(at)));
}
