// The same training however the packages are loaded, in the page and in a worker, on every engine.
import { judge } from '../tools/test-engines/judge.mjs';
import { visit } from './chromium.mjs';

/** The engines; an isolated page is one whose headers allow it threads that share memory. */
const engines = [
  { name: 'cpu', engine: 'cpu' },
  { name: 'wasm', engine: 'wasm' },
  { name: 'wasm, isolated', engine: 'wasm', isolated: true },
  { name: 'webgl', engine: 'webgl' },
  { name: 'webgpu', engine: 'webgpu', optional: true },
];

/** Each way to load: where its page is, what starts the training there or in a worker, and if threads are used where they may be. */
const loadings = [
  {
    how: 'import map',
    path: '/mapped',
    threads: true,
    page: (page) => page.evaluate(() => import('/browsers/mapped/expose.mjs')),
    worker: (page) => page.evaluate(startMappedWorker),
  },
  { how: 'Vite', path: '/bundled/', threads: false, page: async () => {}, worker: async () => {} },
];

/**
 * Trains everywhere.
 *
 * @param browser where the browser is
 * @param urls the server, and the one that isolates its pages
 * @returns row by row of the table
 */
export async function* trainEverywhere(browser, { url, isolatedUrl }) {
  let reference;
  for (const { how, path, threads, ...load } of loadings) {
    for (const where of ['page', 'worker']) {
      for (const { name, engine, isolated = false, optional = false } of engines) {
        const start = (isolated ? isolatedUrl : url) + path;
        const result = await visit(browser, start, (page) => examined(page, where, load[where], engine)).catch(crashed);
        reference ??= result;
        const expected = { engine, optional, threads: threads && isolated };
        yield { what: how, where, engine: name, ...verdictOf(result, reference, expected) };
      }
    }
  }
}

async function examined(page, where, load, engine) {
  const worker = where === 'worker' && (page.workers()[0] ?? page.waitForEvent('worker'));
  await load(page);
  const inside = (await worker) || page;
  await inside.evaluate(untilExposed);
  return inside.evaluate((name) => globalThis.examine(name), engine);
}

const crashed = (error) => ({ crash: error.message.split('\n')[0] });

/** One row for all ways to train. */
function verdictOf(result, reference, { engine, optional, threads }) {
  const rows = judge(engine, result, reference);
  if (result.absent !== undefined) return { verdict: optional ? 'skipped' : 'failed', note: rows[0].note };
  if (result.crash !== undefined) return { verdict: 'failed', note: result.crash };
  const complaints = [
    ...rows.filter(({ verdict }) => verdict !== 'ok').map(({ way, note }) => `${way}: ${note}`),
    result.left !== 0 && `${result.left} tensors are left behind`,
    engine === 'wasm' && result.threads > 0 !== threads && `it has ${result.threads} threads`,
  ].filter(Boolean);
  return {
    verdict: complaints.length === 0 ? 'ok' : 'failed',
    deviation: Math.max(...rows.map(({ deviation }) => deviation)),
    repeats: rows.every(({ repeats }) => repeats),
    seconds: rows.reduce((sum, { seconds }) => sum + seconds, 0),
    note: complaints.join('; ') || (result.threads ? `threads: ${result.threads}` : ''),
  };
}

// What follows runs in the browser.

async function startMappedWorker() {
  const { startWorker } = await import('/docs/guide/in-the-browser/import-map/start-worker.js');
  startWorker('/browsers/mapped/expose.mjs');
}

function untilExposed() {
  return new Promise((resolve) => {
    const look = () => ('examine' in globalThis ? resolve() : setTimeout(look, 20));
    look();
  });
}
