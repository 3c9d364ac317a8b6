// Brings the gradients of TensorFlow.js.
import { layers, sequential } from '@tensorflow/tfjs-layers';

/** The convolutions' widths by the names that the benchmark gives these networks. */
export const networks = { 'conv4-16': [16, 16, 32, 32], 'conv4-32': [32, 32, 64, 64] };

/** Convolutions 3×3 'same' with ReLU, a pool after every second, a dense layer of 10; for images 28×28×1. */
export function network(widths) {
  const model = sequential();
  widths.forEach((filters, index) => {
    const shape = index === 0 ? { inputShape: [28, 28, 1] } : {};
    model.add(layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation: 'relu', ...shape }));
    if (index % 2 === 1) model.add(layers.maxPooling2d({ poolSize: 2, strides: 2 }));
  });
  model.add(layers.flatten());
  model.add(layers.dense({ units: 10 }));
  return model;
}
