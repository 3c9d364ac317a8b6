// Trains on one engine, in each way, twice: `node train.mjs wasm`. Its last line says in JSON what came of it.
import { EngineError, openEngine } from '@flatmin/engines';
import { enableProdMode } from '@tensorflow/tfjs-core';
import { train, wayNames } from './problem.mjs';

async function outcomes(engine) {
  try {
    await openEngine(engine);
  } catch (error) {
    if (error instanceof EngineError && error.kind === 'absent') return { absent: error.message };
    throw error;
  }
  const byWay = {};
  for (const way of wayNames) byWay[way] = await outcome(way);
  return { byWay };
}

async function outcome(way) {
  try {
    const first = await train(way);
    const start = performance.now();
    const second = await train(way);
    const seconds = (performance.now() - start) / 1000;
    return { ...second, repeats: JSON.stringify(second) === JSON.stringify(first), seconds };
  } catch (error) {
    return { error: error.message.split('\n')[0] };
  }
}

enableProdMode(); // silences the advice to install the native addon
const result = JSON.stringify(await outcomes(process.argv[2]));
// An engine may have threads that would keep the process alive.
process.stdout.write(`\n${result}\n`, () => process.exit());
