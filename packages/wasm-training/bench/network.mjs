// Brings the gradients of TensorFlow.js.
import { layers, sequential } from '@tensorflow/tfjs-layers';

/** The convolutions' widths by the names that the benchmark gives these networks. */
export const networks = { 'conv4-16': [16, 16, 32, 32], 'conv4-32': [32, 32, 64, 64] };

/**
 * Convolutions 3×3 'same' with ReLU, a pool after every second, a dense layer of 10; for images 28×28×1.
 *
 * A ReLU in a layer of its own lets TensorFlow.js fuse the convolution with its bias in training too; what is fused computes
 * the gradient by its input whether asked or not, which for the images nobody asks.
 */
export function network(widths) {
  const model = sequential();
  widths.forEach((filters, index) => {
    const convolution = { filters, kernelSize: 3, padding: 'same' };
    if (index === 0) model.add(layers.conv2d({ ...convolution, activation: 'relu', inputShape: [28, 28, 1] }));
    else {
      model.add(layers.conv2d(convolution));
      model.add(layers.reLU());
    }
    if (index % 2 === 1) model.add(layers.maxPooling2d({ poolSize: 2, strides: 2 }));
  });
  model.add(layers.flatten());
  model.add(layers.dense({ units: 10 }));
  return model;
}
