// A browser that starts afresh for each visit, so that one which crashes or hangs takes nothing along.
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

const SECONDS = 240;

/** Where Debian and others put it. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** WebGL and WebGPU on the processor, by SwiftShader. With fewer of these, a synchronous read from WebGPU ends the GPU's process. */
const args = [
  '--disable-gpu-watchdog',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--enable-features=Vulkan',
  '--use-vulkan=swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
];

/** Where the browser is. */
export function findBrowser() {
  const asked = process.env.FLATMIN_BROWSER;
  const found = [asked ?? places].flat().find((path) => existsSync(path));
  if (found !== undefined) return found;
  const looked = asked === undefined ? places.join(', ') : `FLATMIN_BROWSER=${asked}`;
  throw new Error(
    `no browser found at ${looked}: install Chromium (Debian: apt-get install chromium), or name one by FLATMIN_BROWSER=/its/path`,
  );
}

/** What the browser calls itself. */
export async function browserVersion(executablePath) {
  const browser = await chromium.launch({ executablePath, args });
  const version = browser.version();
  await browser.close();
  return version;
}

/**
 * Opens a page and does something there. The first error of the page or of its workers ends the visit, as does a time that is
 * too long.
 */
export async function visit(executablePath, url, act) {
  const browser = await chromium.launch({ executablePath, args });
  try {
    const page = await browser.newPage();
    // As on most machines, so that WebAssembly takes two threads where it may have any. (Workers see the true number.)
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setHardwareConcurrencyOverride', { hardwareConcurrency: 4 });
    return await Promise.race([
      firstError(page),
      after(SECONDS, `nothing came of it in ${SECONDS} seconds`),
      page.goto(url).then(() => act(page)),
    ]);
  } finally {
    await Promise.race([browser.close(), after(10, 'the browser does not close')]);
  }
}

function firstError(page) {
  return new Promise((_, reject) => {
    page.on('pageerror', reject);
    page.on('crash', () => reject(new Error('the page crashed')));
    page.on('console', (message) => {
      if (message.type() === 'error') reject(new Error(`${message.text()} (${message.location().url})`));
    });
  });
}

const after = (seconds, words) =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error(words)), 1000 * seconds).unref();
  });
