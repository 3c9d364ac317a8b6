/** Runs a module in a worker that knows the page's import map. */
export function startWorker(module) {
  const worker = new Worker(new URL('worker.js', import.meta.url), { type: 'module' });
  const importMap = JSON.parse(document.querySelector('script[type=importmap]').textContent);
  worker.postMessage({ importMap, module: new URL(module, document.baseURI).href });
  return worker;
}
