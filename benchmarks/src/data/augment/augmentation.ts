import type { Random } from '../../random.ts';
import type { PixelImages } from '../pixels.ts';

/** [height, width, channels] */
export type Shape = PixelImages['shape'];

/** A change of training images that keeps what they show. */
export interface Augmentation {
  /** One line for the help. */
  readonly description: string;
  /** Draws what becomes of one image, as the network would be given it, and changes it in place. */
  apply(image: Float32Array, shape: Shape, random: Random): void;
}
