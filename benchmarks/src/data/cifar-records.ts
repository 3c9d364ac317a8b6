/** Images of CIFAR are 32 × 32 pixels of red, green and blue. */
export const CIFAR_SHAPE = [32, 32, 3] as const;

const PLANE = 32 * 32;
const PIXELS = 3 * PLANE;

/** A label, then the pixels. */
export const RECORD_BYTES: number = 1 + PIXELS;

/** Images and labels as the benchmark has them: of each pixel its red, green and blue side by side. */
export interface CifarImages {
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
}

/**
 * Reads files of the official binary version: a record an image, of 1 byte for the label and 1,024 each for the red, the
 * green and the blue plane, row after row.
 */
export function decodeRecords(files: readonly Uint8Array[]): CifarImages {
  const count = files.reduce((sum, file) => sum + file.length / RECORD_BYTES, 0);
  const pixels = new Uint8Array(count * PIXELS);
  const labels = new Uint8Array(count);
  let image = 0;
  for (const file of files) {
    for (let record = 0; record < file.length; record += RECORD_BYTES, image++) {
      labels[image] = file[record]!;
      for (let place = 0; place < PLANE; place++) {
        for (let channel = 0; channel < 3; channel++) {
          pixels[image * PIXELS + place * 3 + channel] = file[record + 1 + channel * PLANE + place]!;
        }
      }
    }
  }
  return { pixels, labels };
}

/** The same the other way round. */
export function encodeRecords({ pixels, labels }: CifarImages): Uint8Array {
  const file = new Uint8Array(labels.length * RECORD_BYTES);
  labels.forEach((label, image) => {
    const record = image * RECORD_BYTES;
    file[record] = label;
    for (let place = 0; place < PLANE; place++) {
      for (let channel = 0; channel < 3; channel++) {
        file[record + 1 + channel * PLANE + place] = pixels[image * PIXELS + place * 3 + channel]!;
      }
    }
  });
  return file;
}
