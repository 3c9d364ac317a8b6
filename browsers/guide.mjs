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
  const lines = async () => (await page.consoleMessages()).map((message) => message.text());
  while ((await lines()).length < 2) await page.waitForTimeout(100);
  const wrong = (await lines()).filter((line) => line !== 'y(10) is about 19 on wasm');
  if (wrong.length > 0) throw new Error(`it prints ${wrong.join(', ')}`);
}
