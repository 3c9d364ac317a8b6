// A million steps, over arrays and over tensors, that must leave nothing behind: `npm run soak`, or a short one by
// `npm run soak -- --steps 5000`. Needs Node's option --expose-gc, so that what is alive can be told from what is not
// yet collected.
import { parseArgs } from 'node:util';
import { asam } from '@flatmin/asam';
import { adam, float64, momentum, sharpnessAware as onArrays } from '@flatmin/core';
import { gsam } from '@flatmin/gsam';
import { sam } from '@flatmin/sam';
import { sharpnessAware, trainer } from '@flatmin/tfjs';
import { esam, gam, looksam, mSam, sampa, vasso, wsam } from '@flatmin/zoo';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';

/** Steps that a lane makes before the next lane has its turn. Over tensors a step takes a hundred times as long. */
const turns = { arrays: 128, tensors: 16 };
/** By how much the heap may have grown from the second quarter of the run to the last, both after collection. */
const heapBound = 2 * 2 ** 20;
/** Seconds between two lines of progress. */
const interval = 5;

const samples = { xs: [1, 2, -1, 0.5, 0.25, -2, 1.5, 1, -0.5, -1, 2, 0.75], ys: [1, -1, 0.5, 2] };

/** A linear regression over arrays. */
function overArrays(base, variant) {
  const optimizer = onArrays(base, variant, float64, { nonFinite: 'skip' });
  let weights = { kernel: new Float64Array(3), bias: new Float64Array(1) };
  const evaluate = ({ kernel, bias }) => {
    const gradient = { kernel: new Float64Array(3), bias: new Float64Array(1) };
    let loss = 0;
    for (const [i, y] of samples.ys.entries()) {
      const x = samples.xs.slice(3 * i, 3 * i + 3);
      const residual = x.reduce((sum, xj, j) => sum + xj * kernel[j], bias[0]) - y;
      loss += residual ** 2 / 2;
      for (const [j, xj] of x.entries()) gradient.kernel[j] += residual * xj;
      gradient.bias[0] += residual;
    }
    return { loss, gradient };
  };
  return {
    name: `${variant.name} over arrays`,
    turn: turns.arrays,
    steps: () => optimizer.steps,
    run() {
      for (let step = 0; step < turns.arrays; step++) ({ weights } = optimizer.step(weights, evaluate));
    },
  };
}

/** The same as a network of TensorFlow.js, by one of its three doors. */
const doors = {
  minimize(variant) {
    const [xs, ys] = data();
    const weights = [tf.variable(tf.zeros([3, 1])), tf.variable(tf.zeros([1]))];
    const optimizer = sharpnessAware(tf.train.momentum(0.01, 0.9), variant, { diagnostics: true });
    const loss = () => tf.mean(tf.square(tf.sub(tf.add(tf.matMul(xs, weights[0]), weights[1]), ys)));
    return {
      steps: () => optimizer.steps,
      run() {
        for (let step = 0; step < turns.tensors; step++) optimizer.minimize(loss, false, weights);
      },
    };
  },
  fit(variant) {
    const [xs, ys] = data();
    const layers = [tfl.layers.dense({ units: 4, inputShape: [3] }), tfl.layers.batchNormalization()];
    const model = tfl.sequential({
      layers: [...layers, tfl.layers.dropout({ rate: 0.2 }), tfl.layers.dense({ units: 1 })],
    });
    const optimizer = sharpnessAware(tf.train.adam(0.001), variant);
    model.compile({ optimizer, loss: 'meanSquaredError', metrics: ['mse'] });
    const options = { epochs: turns.tensors / 2, batchSize: 2, verbose: 0, yieldEvery: 'never' };
    return { steps: () => optimizer.steps, run: () => model.fit(xs, ys, options) };
  },
  trainer(variant) {
    const [xs, ys] = data();
    const weights = [tf.variable(tf.zeros([3, 1])), tf.variable(tf.zeros([1]))];
    const loop = trainer({
      base: tf.train.momentum(0.01, 0.9),
      variant,
      variables: weights,
      losses: (batch) =>
        tf.squeeze(tf.square(tf.sub(tf.add(tf.matMul(batch.xs, weights[0]), weights[1]), batch.ys)), [1]),
    });
    return { steps: () => loop.steps, run: () => loop.fit({ xs, ys }, { epochs: turns.tensors / 2, batchSize: 2 }) };
  },
};

const data = () => [tf.tensor2d(samples.xs, [4, 3]), tf.tensor2d(samples.ys, [4, 1])];

async function overTensors(backend, door, variant) {
  await tf.setBackend(backend);
  const { steps, run } = doors[door](variant);
  return {
    name: `${variant.name} by ${door} on ${backend}`,
    turn: turns.tensors,
    steps,
    async run() {
      await tf.setBackend(backend);
      await run();
    },
  };
}

async function makeLanes() {
  const lanes = [sam(), asam(), gsam(), vasso(), wsam(), gam(), looksam()].flatMap((variant) => [
    overArrays(momentum({ learningRate: 0.01 }), variant),
    overArrays(adam({ learningRate: 0.001 }), variant),
  ]);
  for (const backend of ['cpu', 'wasm']) {
    for (const variant of [sam(), vasso()]) lanes.push(await overTensors(backend, 'minimize', variant));
    lanes.push(await overTensors(backend, 'fit', gsam()), await overTensors(backend, 'fit', looksam()));
    for (const variant of [esam(), mSam({ shards: 2 }), sampa()])
      lanes.push(await overTensors(backend, 'trainer', variant));
  }
  return lanes;
}

/** What is alive, garbage collected. */
function alive() {
  globalThis.gc();
  const { numTensors, numDataBuffers, numBytes } = tf.memory();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { tensors: { numTensors, numDataBuffers, numBytes }, heap: heapUsed + arrayBuffers };
}

const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(2)} MiB`;

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** What went wrong with the heap, if anything. */
function heapTrouble(heaps) {
  const quarter = (k) => heaps.slice(Math.floor((k * heaps.length) / 4), Math.floor(((k + 1) * heaps.length) / 4));
  const growth = median(quarter(3)) - median(quarter(1));
  console.log(
    `heap: ${megabytes(growth)} more in the last quarter than in the second, of ${megabytes(heapBound)} allowed`,
  );
  return growth > heapBound ? 'the heap grows' : undefined;
}

async function soak(wanted) {
  const lanes = await makeLanes();
  // The first turns make accumulators, states, compiled code.
  for (let warming = 0; warming < 2; warming++) for (const lane of lanes) await lane.run();
  const level = JSON.stringify(alive().tensors);
  const heaps = [];
  const count = () => lanes.reduce((sum, lane) => sum + lane.steps(), 0);
  const before = count();
  const begin = performance.now();
  let told = begin;
  for (let done = 0; done < wanted; done = count() - before) {
    for (const lane of lanes) {
      const made = lane.steps();
      await lane.run();
      if (lane.steps() !== made + lane.turn) return `${lane.name} made ${lane.steps() - made} steps of ${lane.turn}`;
    }
    const { tensors, heap } = alive();
    heaps.push(heap);
    if (JSON.stringify(tensors) !== level) return `what was ${level} is ${JSON.stringify(tensors)}`;
    if (performance.now() - told < 1000 * interval) continue;
    told = performance.now();
    const rate = Math.round((1000 * (count() - before)) / (told - begin));
    console.log(
      `${count() - before} of ${wanted} steps, ${rate} a second, ${tensors.numTensors} tensors, ${megabytes(heap)}`,
    );
  }
  console.log(`${count() - before} steps in ${lanes.length} lanes: the same tensors throughout, ${level}`);
  return heaps.length < 8 ? 'too few steps to tell about the heap; give more' : heapTrouble(heaps);
}

const { values } = parseArgs({ options: { steps: { type: 'string', default: '1000000' } } });
const steps = Number(values.steps);
if (!Number.isInteger(steps) || steps < 1)
  throw new RangeError(`--steps is ${values.steps}; give a whole number of at least 1.`);
if (globalThis.gc === undefined) throw new Error('The soak collects garbage itself; run node with --expose-gc.');
tf.enableProdMode();
const trouble = await soak(steps);
if (trouble !== undefined) console.error(`failed: ${trouble}`);
process.exitCode = trouble === undefined ? 0 : 1;
