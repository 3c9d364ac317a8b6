// What runs in the page: a training on two Web Workers, against one, and with a worker that hangs.
import { momentum } from '@flatmin/core';
import { dataParallel, split } from '@flatmin/parallel';
import { sam } from '@flatmin/sam';

const SAMPLES = 12;
const STEPS = 4;

/** Sixteen numbers of noise a sample, and whether their sum is positive. */
function batchOf(seed) {
  let state = seed;
  const noise = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 31 - 1;
  };
  const xs = Float32Array.from({ length: 16 * SAMPLES }, noise);
  const sum = (i) => xs.subarray(16 * i, 16 * i + 16).reduce((total, x) => total + x, 0);
  return { xs, labels: Int32Array.from({ length: SAMPLES }, (_, i) => (sum(i) > 0 ? 1 : 0)) };
}

const flat = (weights) => Object.values(weights).flatMap((values) => [...values]);

/** Hands it to whoever drives the browser. */
export function exposePool(worker) {
  const opened = (workers) =>
    dataParallel({
      worker,
      workers,
      base: momentum({ learningRate: 0.1 }),
      variant: sam({ rho: 0.05 }),
      timeout: 3000,
    });
  const trained = async (workers, hangs) => {
    const training = await opened(workers);
    let error;
    for (let i = 1; i <= STEPS; i++) {
      const parts = split(batchOf(i), SAMPLES, workers);
      if (hangs && i === 2) {
        const [first, ...others] = parts;
        error = await training.step([{ ...first, hang: true }, ...others]).catch((thrown) => thrown.message);
      }
      await training.step(parts);
    }
    const { weights, pool } = training;
    await training.dispose();
    return { weights: flat(weights), memory: pool.memory, error };
  };
  globalThis.examinePool = async () => {
    const [one, two, hurt] = [await trained(1), await trained(2), await trained(2, true)];
    return {
      memory: two.memory,
      apart: Math.max(...two.weights.map((w, i) => Math.abs(w - one.weights[i]))),
      asBefore: hurt.weights.join() === two.weights.join(),
      error: hurt.error,
    };
  };
}
