// The examples of docs/guide/in-the-browser.md, in the page and in a worker.
import { visit } from './chromium.mjs';
import { told } from './told.mjs';

const mapped = '/docs/guide/in-the-browser/import-map';

/** Runs them; each must train in the page and in the worker. */
export async function* runGuide(browser, url) {
  yield told('guide, import map', () => visit(browser, `${url}${mapped}/`, trainsInPageAndWorker));
  yield told('guide, Vite', () => visit(browser, `${url}/guide/`, trainsInPageAndWorker));
}

async function trainsInPageAndWorker(page) {
  const printed = [];
  while (printed.length < 2) printed.push((await page.waitForEvent('console')).text());
  if (printed.some((line) => line !== 'y(10) is about 19 on wasm')) throw new Error(`it prints ${printed.join(', ')}`);
}
