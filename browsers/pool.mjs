// Data-parallel training by two Web Workers: with memory that they share, where the page is isolated, and without.
import { visit } from './chromium.mjs';
import { told } from './told.mjs';

/** Each way to load: where its page is, and what starts there. */
const loadings = [
  {
    how: 'import map, wasm',
    path: '/mapped',
    start: (page) => page.evaluate(() => import('/browsers/mapped/pool.mjs')),
  },
  { how: 'Vite', path: '/pool/', start: async () => {} },
];

/** Trains in every page; each must come to what one worker comes to, and go on after a worker that hangs. */
export async function* runPools(browser, { url, isolatedUrl }) {
  for (const { how, path, start } of loadings) {
    for (const isolated of [false, true]) {
      const what = `pool of two workers, ${how}, ${isolated ? 'isolated' : 'not isolated'}`;
      const address = (isolated ? isolatedUrl : url) + path;
      yield told(what, () => visit(browser, address, (page) => examined(page, start, isolated)));
    }
  }
}

async function examined(page, start, isolated) {
  await start(page);
  const { memory, apart, asBefore, error } = await page.evaluate(run);
  const expected = isolated ? 'shared' : 'transferred';
  if (memory !== expected) throw new Error(`the memory is ${memory}`);
  if (!(apart < 1e-5)) throw new Error(`two workers are ${apart} from one`);
  if (!/gave no answer within 3000 ms/.test(error)) throw new Error(`a worker that hangs is told as: ${error}`);
  if (!asBefore) throw new Error('after a worker was lost the bits are others');
  return `memory ${memory}, ${apart.toExponential(1)} from one worker`;
}

// What follows runs in the browser.

async function run() {
  while (!('examinePool' in globalThis)) await new Promise((resolve) => setTimeout(resolve, 20));
  return globalThis.examinePool();
}
