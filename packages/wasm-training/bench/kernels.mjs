// The time of each kernel on the shapes of a network of four convolutions, 3×3 'same', with a batch of 64,
// against TensorFlow.js's own where it has one. Run by `npm run bench -w @flatmin/wasm-training`.
import { registerTrainingKernels, unregisterTrainingKernels } from '@flatmin/wasm-training';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { race } from './race.mjs';

const kernels = () => Object.fromEntries(tf.getKernelsForBackend('wasm').map((kernel) => [kernel.kernelName, kernel]));
const stock = kernels();
registerTrainingKernels({ simd: false });
const composed = kernels();
unregisterTrainingKernels();
console.table(registerTrainingKernels());
const ours = kernels();
await tf.setBackend('wasm');

/** Runs of a kernel as the engine runs it, with these kernels registered for those that it calls. */
function contestant(kernelName, options, registered, inputs, attrs) {
  const { kernelFunc } = registered[kernelName];
  return {
    before: () => {
      unregisterTrainingKernels();
      if (options) registerTrainingKernels(options);
    },
    run: () => tf.dispose(tf.engine().makeTensorFromTensorInfo(kernelFunc({ inputs, attrs, backend: tf.backend() }))),
  };
}

function compare(kernelName, shapes, inputs, attrs) {
  const contestants = {};
  if (stock[kernelName]) contestants.stock = contestant(kernelName, undefined, stock, inputs, attrs);
  if (composed[kernelName] !== stock[kernelName]) {
    contestants.composed = contestant(kernelName, { simd: false }, composed, inputs, attrs);
  }
  contestants.ours = contestant(kernelName, {}, ours, inputs, attrs);
  race(`${kernelName} ${shapes}`, contestants);
  tf.dispose(inputs);
}

const batch = 64;
const layers = [
  { size: 28, from: 1, to: 32 },
  { size: 28, from: 32, to: 32 },
  { size: 14, from: 32, to: 64 },
  { size: 14, from: 64, to: 64 },
  { size: 28, from: 16, to: 16 },
  { size: 14, from: 16, to: 32 },
  { size: 14, from: 32, to: 32 },
  { size: 7, from: 128, to: 128 },
  { size: 28, from: 32, to: 64, strides: 2 },
];
for (const { size, from, to, strides = 1 } of layers) {
  const shapes = `[${batch},${size},${size},${from}] → ${to}${strides > 1 ? `, stride ${strides}` : ''}`;
  const x = () => tf.randomNormal([batch, size, size, from]);
  const dy = () => tf.randomNormal([batch, size / strides, size / strides, to]);
  const attrs = { strides, pad: 'same', dataFormat: 'NHWC' };
  const filter = () => tf.randomNormal([3, 3, from, to]);
  compare('Conv2D', shapes, { x: x(), filter: filter() }, { ...attrs, dilations: 1 });
  compare('Conv2DBackpropFilter', shapes, { x: x(), dy: dy() }, { ...attrs, filterShape: [3, 3, from, to] });
  const inputShape = [batch, size, size, from];
  compare('Conv2DBackpropInput', shapes, { dy: dy(), filter: filter() }, { ...attrs, inputShape });
}

for (const { size, channels, strides } of [
  { size: 28, channels: 32, strides: 1 },
  { size: 28, channels: 32, strides: 2 },
  { size: 14, channels: 64, strides: 1 },
]) {
  const inputShape = [batch, size, size, channels];
  const filterShape = [3, 3, channels, 1];
  const dyShape = [batch, size / strides, size / strides, channels];
  const shapes = `[${inputShape}], stride ${strides}`;
  const attrs = { strides, dilations: 1, pad: 'same', inputShape, filterShape };
  const filterInputs = { x: tf.randomNormal(inputShape), dy: tf.randomNormal(dyShape) };
  compare('DepthwiseConv2dNativeBackpropFilter', shapes, filterInputs, attrs);
  const inputInputs = { dy: tf.randomNormal(dyShape), filter: tf.randomNormal(filterShape) };
  compare('DepthwiseConv2dNativeBackpropInput', shapes, inputInputs, attrs);
}

for (const [size, channels] of [
  [28, 32],
  [14, 64],
]) {
  const input = tf.relu(tf.randomNormal([batch, size, size, channels]));
  const output = tf.maxPool(input, 2, 2, 'valid');
  const attrs = { filterSize: 2, strides: 2, pad: 'valid' };
  compare('MaxPoolGrad', `[${input.shape}], 2×2`, { input, output, dy: tf.randomNormal(output.shape) }, attrs);
}

for (const shape of [
  [batch, 28, 28, 32],
  [batch, 14, 14, 64],
]) {
  compare(
    'Sum',
    `[${shape}] over the axes 0, 1, 2`,
    { x: tf.randomNormal(shape) },
    { axis: [0, 1, 2], keepDims: false },
  );
}

for (const [a, b, transposeA, transposeB] of [
  [[1, batch, 3136], [1, batch, 10], true, false],
  [[1, batch, 10], [1, 3136, 10], false, true],
]) {
  const shapes = `[${a}]${transposeA ? 'ᵀ' : ''} · [${b}]${transposeB ? 'ᵀ' : ''}`;
  compare('BatchMatMul', shapes, { a: tf.randomNormal(a), b: tf.randomNormal(b) }, { transposeA, transposeB });
}

compare('Identity', `[${[batch, 28, 28, 32]}]`, { x: tf.randomNormal([batch, 28, 28, 32]) }, {});

const segmentIds = tf.randomUniform([batch * 100], 0, 5000, 'int32');
const x = tf.randomNormal([batch * 100, 64]);
compare('UnsortedSegmentSum', `[${x.shape}] → 5000`, { x, segmentIds }, { numSegments: 5000 });
