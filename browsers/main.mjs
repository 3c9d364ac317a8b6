// The built packages in a real browser: `npm run test:browser`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { TOLERANCE } from '../tools/test-engines/problem.mjs';
import { bundleApp, checkUnused } from './bundles.mjs';
import { browserVersion, findBrowser } from './chromium.mjs';
import { runFigures } from './figures.mjs';
import { runGuide } from './guide.mjs';
import { mappedPage } from './import-map.mjs';
import { trainEverywhere } from './matrix.mjs';
import { runPools } from './pool.mjs';
import { runReadmes } from './readmes.mjs';
import { serve } from './server.mjs';
import { told } from './told.mjs';

const root = join(import.meta.dirname, '..');

/** Every row of the table, one after another. */
async function* rows(browser, bundles) {
  const apps = { bundled: 'browsers/bundled', guide: 'docs/guide/in-the-browser/bundled', pool: 'browsers/pool' };
  yield* checkUnused();
  for (const [name, app] of Object.entries(apps))
    yield told(`bundle of ${app}`, () => bundleApp(join(root, app), join(bundles, name)));
  const inRoot = ['node_modules', 'browsers', 'tools/test-engines', 'docs/guide/in-the-browser'];
  const folders = {
    ...Object.fromEntries(inRoot.map((folder) => [`/${folder}/`, join(root, folder)])),
    ...Object.fromEntries(Object.keys(apps).map((name) => [`/${name}/`, join(bundles, name)])),
    '/': join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist'), // where pages look that set no other path
  };
  const pages = { '/mapped': mappedPage() };
  const open = await serve(folders, { pages });
  const isolated = await serve(folders, { pages, isolated: true });
  yield* runReadmes(browser, open.url);
  yield* runFigures(browser, open.url);
  yield* runGuide(browser, open.url);
  yield* runPools(browser, { url: open.url, isolatedUrl: isolated.url });
  yield* trainEverywhere(browser, { url: open.url, isolatedUrl: isolated.url });
  open.close();
  isolated.close();
}

const columns = [
  ['', ({ what }) => what],
  ['where', ({ where = '' }) => where],
  ['engine', ({ engine = '' }) => engine],
  ['result', ({ verdict }) => verdict],
  ['from cpu', ({ deviation }) => deviation?.toExponential(1) ?? ''],
  ['repeat', ({ repeats }) => (repeats === undefined ? '' : repeats ? 'same bits' : 'other bits')],
  ['seconds', ({ seconds }) => seconds?.toFixed(1) ?? ''],
  ['', ({ note = '' }) => note],
];

const cells = (row) => columns.map(([, text]) => text(row));

async function main() {
  const browser = findBrowser();
  console.log(`Chromium ${await browserVersion(browser)}, at most ${TOLERANCE} from cpu`);
  const bundles = mkdtempSync(join(tmpdir(), 'flatmin-browsers-'));
  const all = [];
  try {
    for await (const row of rows(browser, bundles)) {
      process.stderr.write(`${cells(row).filter(Boolean).join(' | ')}\n`);
      all.push(row);
    }
  } finally {
    rmSync(bundles, { recursive: true });
  }
  const failed = all.filter(({ verdict }) => verdict === 'failed').length;
  console.log(`\n${markdownTable([columns.map(([title]) => title), ...all.map(cells)])}\n`);
  console.log(failed === 0 ? 'every package works in the browser' : `${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = await main().catch((error) => {
  console.error(`error: ${error.message}`);
  return 1;
});
