// The first snippet of every package's README, run in a page as it stands.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { visit } from './chromium.mjs';
import { told } from './told.mjs';

/** Those that are about Node. */
const aboutNode = {
  checkpoint: 'it writes files',
  engines: 'it tells what Node lacks',
  parallel: 'its worker is a file beside it',
};

const packages = join(import.meta.dirname, '../packages');

/** Runs them all; each must print what its README says. */
export async function* runReadmes(browser, url) {
  for (const name of readdirSync(packages)) {
    const readme = readFileSync(join(packages, name, 'README.md'), 'utf8');
    const [code, output] = ['js', 'text'].map((language) => block(readme, language));
    const what = `README of @flatmin/${name}`;
    if (name in aboutNode) yield { what, verdict: 'skipped', note: aboutNode[name] };
    else yield await told(what, () => visit(browser, `${url}/mapped`, (page) => printsSame(page, code, output)));
  }
}

async function printsSame(page, code, expected) {
  const printed = await page.evaluate(run, code);
  if (printed !== expected) throw new Error(`it prints ${JSON.stringify(printed)}`);
}

const block = (readme, language) => new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'ms').exec(readme)?.[1] ?? '';

// What follows runs in the browser.

async function run(code) {
  const lines = [];
  console.log = (...values) => lines.push(`${values.join(' ')}\n`);
  await import(URL.createObjectURL(new Blob([code], { type: 'text/javascript' })));
  return lines.join('');
}
