// Where the time of one training step goes: milliseconds of every kernel, and GFLOP/s of the convolutions, in the operations
// that direct sums would take.
// Run by `npm run bench:profile -w @flatmin/wasm-training`, with the name of a network behind for that one only.
import { registerTrainingKernels } from '@flatmin/wasm-training';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-wasm';
import { network, networks } from './network.mjs';

const steps = 20;
registerTrainingKernels();
await tf.setBackend('wasm');

const median = (times) => times.toSorted((a, b) => a - b)[times.length >> 1];
const shapeOf = ({ shape }) => `[${shape}]`;
const convolutions = ['Conv2D', 'FusedConv2D', 'Conv2DBackpropFilter', 'Conv2DBackpropInput'];

/** Multiplications and additions of a convolution or of one of its gradients. */
function operations({ filter, dy }, output, { filterShape }) {
  const [height, width, from, to] = filterShape ?? filter.shape;
  const [n, y, z] = (dy ?? output).shape;
  return 2 * n * y * z * height * width * from * to;
}

/** Calls `observe` for each kernel that another one has not called, in place of which it runs. */
function observeKernels(observe) {
  let depth = 0;
  for (const kernel of tf.getKernelsForBackend('wasm')) {
    const kernelFunc = (call) => {
      if (depth > 0) return kernel.kernelFunc(call);
      depth++;
      const start = performance.now();
      const output = kernel.kernelFunc(call);
      observe(kernel.kernelName, performance.now() - start, call, output);
      depth--;
      return output;
    };
    tf.unregisterKernel(kernel.kernelName, 'wasm');
    tf.registerKernel({ ...kernel, kernelFunc });
  }
}

let current = new Map();
observeKernels((name, ms, { inputs, attrs }, output) => {
  const shapes = Object.values(inputs).filter(Boolean).map(shapeOf).join(' ');
  const key = `${name} ${shapes}`;
  const entry = current.get(key) ?? { name, shapes, ms: 0, calls: 0, flop: 0 };
  entry.ms += ms;
  entry.calls++;
  if (convolutions.includes(name)) entry.flop += operations(inputs, output, attrs);
  current.set(key, entry);
});

function profile(name) {
  const model = network(networks[name]);
  const optimizer = tf.train.momentum(0.01, 0.9);
  const images = tf.randomUniform([64, 28, 28, 1]);
  const labels = tf.oneHot(tf.randomUniform([64], 0, 10, 'int32'), 10);
  const loss = () => tf.losses.softmaxCrossEntropy(labels, model.apply(images));
  const rounds = [];
  for (let round = -3; round < steps; round++) {
    current = new Map();
    const start = performance.now();
    optimizer.minimize(loss, true).dispose();
    if (round >= 0) rounds.push({ ms: performance.now() - start, kernels: current });
  }
  const whole = median(rounds.map(({ ms }) => ms));
  const kernels = [...rounds[0].kernels].map(([key, entry]) => ({
    ...entry,
    ms: median(rounds.map((round) => round.kernels.get(key).ms)),
  }));
  print(name, whole, kernels);
}

function print(name, whole, kernels) {
  const inKernels = kernels.reduce((sum, { ms }) => sum + ms, 0);
  const flop = kernels.reduce((sum, entry) => sum + entry.flop, 0);
  const gflops = `${(flop / 1e9).toFixed(2)} GFLOP in convolutions`;
  console.log(
    `\n${name}, batch 64: ${whole.toFixed(1)} ms a step, of which kernels ${inKernels.toFixed(1)}; ${gflops}\n`,
  );
  const sorted = kernels.toSorted((a, b) => b.ms - a.ms);
  for (const entry of sorted.filter(({ ms }) => ms >= 0.1)) {
    const rate = entry.flop ? `${(entry.flop / entry.ms / 1e6).toFixed(1)} GFLOP/s` : '';
    const times = `${entry.ms.toFixed(2).padStart(8)} ms  ${String(entry.calls).padStart(3)} ×`;
    console.log(`${times}  ${entry.name.padEnd(22)} ${entry.shapes.padEnd(40)} ${rate}`.trimEnd());
  }
  const small = sorted.filter(({ ms }) => ms < 0.1);
  const rest = small.reduce((sum, { ms }) => sum + ms, 0);
  console.log(`${rest.toFixed(2).padStart(8)} ms  in ${small.length} others, each below 0.1 ms`);
  for (const kernel of convolutions) {
    const of = sorted.filter((entry) => entry.name === kernel);
    console.log(
      `${of
        .reduce((sum, { ms }) => sum + ms, 0)
        .toFixed(2)
        .padStart(8)} ms  in all ${kernel}`,
    );
  }
}

for (const name of process.argv[2] ? [process.argv[2]] : Object.keys(networks)) profile(name);
