/** What a network is given in place of pixels from 0 to 1: (pixel − mean) / deviation, by channel. */
export interface Normalisation {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
}

/** Pixels of images of one size. */
export interface PixelImages {
  /** [height, width, channels] */
  readonly shape: readonly [number, number, number];
  /** Pixels 0 … 255, image after image. */
  readonly pixels: Uint8Array;
  /** Of pixel / 255; without it, networks are given that as it is. */
  readonly normalisation?: Normalisation | undefined;
}

/** What a network is given of the images at `indices`: pixel / 255, normalised where the set says so. */
export function normalisedPixels({ shape, pixels, normalisation }: PixelImages, indices: Uint32Array): Float32Array {
  const channels = shape[2];
  const size = shape[0] * shape[1] * channels;
  // A byte has 256 values: each is calculated once.
  const tables = Array.from({ length: channels }, (_, channel) => {
    return Float32Array.from({ length: 256 }, (_, pixel) => normalised(pixel / 255, channel, normalisation));
  });
  const values = new Float32Array(indices.length * size);
  indices.forEach((index, row) => {
    for (let channel = 0; channel < channels; channel++) {
      const table = tables[channel]!;
      for (let place = channel; place < size; place += channels) {
        values[row * size + place] = table[pixels[index * size + place]!]!;
      }
    }
  });
  return values;
}

function normalised(value: number, channel: number, normalisation: Normalisation | undefined): number {
  if (normalisation === undefined) return value;
  return (value - normalisation.means[channel]!) / normalisation.deviations[channel]!;
}

/** What networks see, in words. */
export function normalisationText(normalisation: Normalisation | undefined): string {
  if (normalisation === undefined) return 'pixel / 255';
  const { means, deviations } = normalisation;
  return `(pixel / 255 − mean) / deviation, by channel: means ${means.join(' ')}, deviations ${deviations.join(' ')}`;
}
