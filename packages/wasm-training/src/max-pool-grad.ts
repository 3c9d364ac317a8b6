import * as tf from '@tensorflow/tfjs-core';
import { type Axis, type Geometry, geometryOf } from './geometry.ts';
import { betterKernel, type KernelCall, type TrainingKernel } from './kernel.ts';
import { allocate, floatTensor, view } from './memory.ts';

const name = 'MaxPoolGrad';

type Shape4D = [number, number, number, number];

/**
 * The gradient of max pooling: each dy goes to the first of the largest inputs in its window, as on the cpu backend.
 *
 * The backend's own kernel looks only for inputs above zero, so it loses the gradient of windows without any.
 */
export const maxPoolGrad: TrainingKernel = betterKernel(
  name,
  () => true,
  ({ inputs, attrs, backend }: KernelCall<'dy' | 'input' | 'output', tf.MaxPoolGradAttrs>) => {
    const geometry = poolingGeometry(inputs.input, inputs.dy, attrs);
    return tf.tidy(() => {
      const x = floatTensor(inputs.input, backend);
      const dy = floatTensor(inputs.dy, backend);
      const dx = allocate<tf.Rank.R4>(inputs.input.shape as Shape4D, backend);
      passToMaxima(geometry, view(x, backend), view(dy, backend), view(dx, backend).fill(0));
      return dx;
    });
  },
);

/** The geometry of the pooling of `input` whose output's gradient is `dy`. */
export function poolingGeometry(input: tf.TensorInfo, dy: tf.TensorInfo, attributes: tf.MaxPoolGradAttrs): Geometry {
  const { filterSize, strides, pad, dimRoundingMode } = attributes;
  const shape = input.shape as Shape4D;
  return geometryOf(name, tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad, dimRoundingMode), dy);
}

function passToMaxima(geometry: Geometry, x: Float32Array, dy: Float32Array, dx: Float32Array): void {
  const { batch, inChannels: channels, rows, columns } = geometry;
  const largest = new Float32Array(channels);
  const places = new Int32Array(channels);
  let output = 0;
  for (let n = 0; n < batch; n++) {
    for (let y = 0; y < rows.output; y++) {
      const [top, bottom] = windowOf(rows, y);
      for (let z = 0; z < columns.output; z++, output += channels) {
        const [left, right] = windowOf(columns, z);
        largest.fill(Number.NEGATIVE_INFINITY);
        places.fill(-1);
        for (let p = top; p < bottom; p++) {
          const row = (n * rows.input + p) * columns.input;
          for (let q = left; q < right; q++) keepLarger(x, (row + q) * channels, largest, places);
        }
        addAt(places, dy, output, dx);
      }
    }
  }
}

/** The inputs `start <= p < end` that output y sees. */
function windowOf({ input, filter, stride, padding }: Axis, y: number): [start: number, end: number] {
  const start = y * stride - padding;
  return [Math.max(0, start), Math.min(input, start + filter)];
}

function keepLarger(x: Float32Array, pixel: number, largest: Float32Array, places: Int32Array): void {
  for (let c = 0; c < places.length; c++) {
    const value = x[pixel + c]!;
    if (value > largest[c]!) {
      largest[c] = value;
      places[c] = pixel + c;
    }
  }
}

function addAt(places: Int32Array, dy: Float32Array, output: number, dx: Float32Array): void {
  for (let c = 0; c < places.length; c++) {
    const place = places[c]!;
    // A window that holds only padding or NaN has no largest input.
    if (place >= 0) dx[place] = dx[place]! + dy[output + c]!;
  }
}
