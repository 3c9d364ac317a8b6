// What runs inside the browser: the training that every engine is checked by (`npm run test:engines`), and a count of tensors.
import { EngineError, openEngine } from '@flatmin/engines';
import { getThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import { train, wayNames } from '../../tools/test-engines/problem.mjs';
import { leftBehind } from './left-behind.mjs';

/** Trains on one engine, in each way, twice; or tells why the browser lacks it. */
async function examine(engine) {
  try {
    await openEngine(engine);
  } catch (error) {
    if (error instanceof EngineError && error.kind === 'absent') return { absent: error.message };
    throw error;
  }
  const byWay = {};
  for (const way of wayNames) byWay[way] = await outcome(way);
  return { byWay, left: await leftBehind(), ...(engine === 'wasm' && { threads: threadsCount() }) };
}

async function outcome(way) {
  const first = await train(way);
  const start = performance.now();
  const second = await train(way);
  const seconds = (performance.now() - start) / 1000;
  return { ...second, repeats: JSON.stringify(second) === JSON.stringify(first), seconds };
}

/** How many threads the build of the backend that was loaded has; 0 for the one without. */
function threadsCount() {
  const threaded = performance.getEntriesByType('resource').some(({ name }) => /threaded.*\.wasm$/.test(name));
  return threaded ? getThreadsCount() : 0;
}

/** Hands it to whoever drives the browser; in a page and in a worker alike. */
export function expose() {
  Object.assign(globalThis, { examine });
}
