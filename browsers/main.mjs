// The built packages in a real browser: `npm run test:browser`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { markdownTable } from 'markdown-table';
import { TOLERANCE } from '../tools/test-engines/problem.mjs';
import { bundleApp, checkUnused } from './bundles.mjs';
import { browserVersion, findBrowser } from './chromium.mjs';
import { runGuide } from './guide.mjs';
import { mappedPage } from './import-map.mjs';
import { trainEverywhere } from './matrix.mjs';
import { runReadmes } from './readmes.mjs';
import { serve } from './server.mjs';

const root = join(import.meta.dirname, '..');

/** All rows of the table, one after another. */
async function* rows(browser, bundles) {
  yield* checkUnused();
  await bundleApp(join(import.meta.dirname, 'bundled'), join(bundles, 'matrix'));
  await bundleApp(join(root, 'docs/guide/in-the-browser/bundled'), join(bundles, 'guide'));
  const inRoot = ['node_modules', 'browsers', 'tools/test-engines', 'docs/guide/in-the-browser'];
  const folders = {
    ...Object.fromEntries(inRoot.map((folder) => [`/${folder}/`, join(root, folder)])),
    '/bundled/': join(bundles, 'matrix'),
    '/guide/': join(bundles, 'guide'),
    '/': join(root, 'node_modules/@tensorflow/tfjs-backend-wasm/dist'), // where a page's own folder is asked for it
  };
  const pages = { '/mapped': mappedPage() };
  const [{ url, close }, isolated] = await Promise.all(
    [false, true].map((isolated) => serve(folders, { pages, isolated })),
  );
  yield* runReadmes(browser, url);
  yield* runGuide(browser, url);
  yield* trainEverywhere(browser, { url, isolatedUrl: isolated.url });
  close();
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
  console.log(`Chromium ${await browserVersion(browser)}, at most ${TOLERANCE} from cpu\n`);
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
