import type { backend_util } from '@tensorflow/tfjs-core';
import type { Values } from './run-kernel.ts';

/** Calls back with each position of the output and of the input that its window sees, as offsets of their pixels. */
export function eachWindowPixel(
  info: backend_util.Conv2DInfo,
  visit: (output: number, input: number, tap: number) => void,
): void {
  for (let n = 0; n < info.batchSize; n++) {
    for (let y = 0; y < info.outHeight; y++) {
      for (let z = 0; z < info.outWidth; z++) {
        for (let i = 0; i < info.filterHeight; i++) {
          for (let j = 0; j < info.filterWidth; j++) {
            const p = y * info.strideHeight + i - info.padInfo.top;
            const q = z * info.strideWidth + j - info.padInfo.left;
            if (p < 0 || q < 0 || p >= info.inHeight || q >= info.inWidth) continue;
            const output = (n * info.outHeight + y) * info.outWidth + z;
            visit(output, (n * info.inHeight + p) * info.inWidth + q, i * info.filterWidth + j);
          }
        }
      }
    }
  }
}

/** Σ dy · conv2d(x, filter), in float64 straight from the definition. */
export function convolutionLoss(
  info: backend_util.Conv2DInfo,
  x: ArrayLike<number>,
  filter: ArrayLike<number>,
  dy: ArrayLike<number>,
): number {
  const { inChannels, outChannels } = info;
  let loss = 0;
  eachWindowPixel(info, (output, input, tap) => {
    for (let c = 0; c < inChannels; c++) {
      for (let o = 0; o < outChannels; o++) {
        const weight = filter[(tap * inChannels + c) * outChannels + o]!;
        loss += dy[output * outChannels + o]! * x[input * inChannels + c]! * weight;
      }
    }
  });
  return loss;
}

/** Σ dy · depthwiseConv2d(x, filter), in float64 straight from the definition. */
export function depthwiseLoss(
  info: backend_util.Conv2DInfo,
  x: ArrayLike<number>,
  filter: ArrayLike<number>,
  dy: ArrayLike<number>,
): number {
  const { inChannels, outChannels } = info;
  const multiplier = outChannels / inChannels;
  let loss = 0;
  eachWindowPixel(info, (output, input, tap) => {
    for (let o = 0; o < outChannels; o++) {
      const value = x[input * inChannels + Math.floor(o / multiplier)]!;
      loss += dy[output * outChannels + o]! * value * filter[tap * outChannels + o]!;
    }
  });
  return loss;
}

/** Σ dy · maxPool(x), in float64 straight from the definition. */
export function maxPoolLoss(info: backend_util.Conv2DInfo, x: ArrayLike<number>, dy: ArrayLike<number>): number {
  const { inChannels } = info;
  const largest = new Map<number, number>();
  eachWindowPixel(info, (output, input) => {
    for (let c = 0; c < inChannels; c++) {
      const place = output * inChannels + c;
      largest.set(place, Math.max(largest.get(place) ?? Number.NEGATIVE_INFINITY, x[input * inChannels + c]!));
    }
  });
  return [...largest].reduce((loss, [place, value]) => loss + dy[place]! * value, 0);
}

/** The gradient of a scalar loss by central differences, exact where the loss is linear within a step of 2^−16. */
export function finiteDifferences(at: Values, loss: (values: Float64Array) => number): Values {
  const step = 2 ** -16;
  const values = Float64Array.from(at.values);
  const gradient = values.map((value, k) => {
    values[k] = value + step;
    const above = loss(values);
    values[k] = value - step;
    const below = loss(values);
    values[k] = value;
    return (above - below) / (2 * step);
  });
  return { shape: at.shape, values: gradient };
}
