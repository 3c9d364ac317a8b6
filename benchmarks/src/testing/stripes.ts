import type { LabelledImages } from '../data/images.ts';
import { madeStripes } from '../data/made-stripes.ts';
import { type Selection, select } from '../data/select.ts';
import { madeContext } from './data-files.ts';

/** Some made images to train on; judged by the 300 of the test set. */
export async function someStripes(limit: number, validation = 0): Promise<Selection> {
  return select(await madeStripes.load(madeContext()), { trainImages: limit, validation });
}

/** Images of two pixels in two classes: small enough to calculate by hand. */
export const tinyImages: LabelledImages = {
  shape: [1, 2, 1],
  classes: 2,
  pixels: Uint8Array.of(0, 255, 51, 102, 204, 153),
  labels: Uint8Array.of(0, 1, 1),
};
