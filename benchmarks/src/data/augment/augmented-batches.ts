import { extname } from 'node:path';
import { Piscina } from 'piscina';
import type { BatchOptions, BatchSource, EpochPlan } from '../batches.ts';
import { batchOf, type LabelledImages, pieces } from '../images.ts';
import type { PixelImages } from '../pixels.ts';
import { ahead } from './ahead.ts';
import type { AugmentTask } from './augmented-pixels.ts';

/** Batches that wait for the training, of 1.6 MB each for 128 images of CIFAR-10. */
const AHEAD = 4;

// Beside this file, in the source as built.
const WORKER = new URL(`worker${extname(import.meta.url)}`, import.meta.url).href;

interface Prepared {
  readonly indices: Uint32Array;
  readonly pixels: Float32Array;
}

/** Batches prepared in threads by {@link augmentedPixels}. */
export function augmentedBatches(
  images: LabelledImages,
  { augment, seed, threads }: Required<BatchOptions>,
): BatchSource {
  const pool = new Piscina<AugmentTask, Float32Array>({
    filename: WORKER,
    minThreads: threads,
    maxThreads: threads,
    // A step of training holds up this thread, which would have to hand out each task.
    concurrentTasksPerWorker: AHEAD,
  });
  const { shape, normalisation } = images;
  const common = { images: { shape, normalisation, pixels: shared(images) }, seed, augment };
  let isClosed = false;

  const prepare = async (task: AugmentTask): Promise<Prepared> => {
    try {
      return { indices: task.indices, pixels: await pool.run(task) };
    } catch (error) {
      if (isClosed) throw new Error('the batches were closed while some were still to come', { cause: error });
      throw error;
    }
  };

  function* tasks({ order, epoch, from, batchSize, signal }: EpochPlan): Generator<() => Promise<Prepared>> {
    let position = from;
    for (const piece of pieces(order, batchSize)) {
      if (signal.aborted) return;
      const indices = piece.slice(); // a view would take all of `order` along to the thread
      const task = { ...common, indices, position, epoch };
      yield () => prepare(task);
      position += indices.length;
    }
  }

  return {
    async *epoch(plan) {
      for await (const { indices, pixels } of ahead(tasks(plan), AHEAD)) {
        plan.signal.throwIfAborted();
        yield batchOf(images, indices, pixels);
      }
      plan.signal.throwIfAborted();
    },
    async close() {
      isClosed = true;
      await pool.destroy();
    },
  };
}

/** The pixels where every thread sees them. */
function shared({ pixels }: PixelImages): Uint8Array {
  const memory = new Uint8Array(new SharedArrayBuffer(pixels.length));
  memory.set(pixels);
  return memory;
}
