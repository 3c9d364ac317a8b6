// The time of each kernel on the shapes of a network of four convolutions, 3×3 'same', with a batch of 64,
// against TensorFlow.js's own where it has one. Run by `npm run bench -w @flatmin/wasm-training`.
import { registerTrainingKernels } from '@flatmin/wasm-training';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { race } from './race.mjs';

const stock = Object.fromEntries(tf.getKernelsForBackend('wasm').map((kernel) => [kernel.kernelName, kernel]));
console.table(registerTrainingKernels());
await tf.setBackend('wasm');

/** One run of a kernel, as the engine runs it. */
function runner({ kernelFunc }, inputs, attrs) {
  return () => tf.dispose(tf.engine().makeTensorFromTensorInfo(kernelFunc({ inputs, attrs, backend: tf.backend() })));
}

function compare(kernelName, shapes, inputs, attrs) {
  const contestants = {};
  if (stock[kernelName]) contestants.stock = runner(stock[kernelName], inputs, attrs);
  contestants.ours = runner(tf.getKernel(kernelName, 'wasm'), inputs, attrs);
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
  { size: 28, from: 32, to: 64, strides: 2 },
];
for (const { size, from, to, strides = 1 } of layers) {
  const shapes = `[${batch},${size},${size},${from}] → ${to}${strides > 1 ? `, stride ${strides}` : ''}`;
  const x = () => tf.randomNormal([batch, size, size, from]);
  const dy = () => tf.randomNormal([batch, size / strides, size / strides, to]);
  const attrs = { strides, pad: 'same', dataFormat: 'NHWC' };
  compare('Conv2DBackpropFilter', shapes, { x: x(), dy: dy() }, { ...attrs, filterShape: [3, 3, from, to] });
  const inputShape = [batch, size, size, from];
  compare(
    'Conv2DBackpropInput',
    shapes,
    { dy: dy(), filter: tf.randomNormal([3, 3, from, to]) },
    { ...attrs, inputShape },
  );
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

const segmentIds = tf.randomUniform([batch * 100], 0, 5000, 'int32');
const x = tf.randomNormal([batch * 100, 64]);
compare('UnsortedSegmentSum', `[${x.shape}] → 5000`, { x, segmentIds }, { numSegments: 5000 });
