// A static server for some folders and a page.
import { createServer } from 'node:http';
import sirv from 'sirv';

/** The headers under which a page may have memory that threads share: with them, WebAssembly has threads. */
const isolation = { 'Cross-Origin-Opener-Policy': 'same-origin', 'Cross-Origin-Embedder-Policy': 'require-corp' };

/**
 * Serves folders by the paths they are to be found at.
 *
 * @param folders for each path where it leads
 * @param pages for each path the HTML of a page
 * @returns the server's address, and how to end it
 */
export async function serve(folders, { pages = {}, isolated = false } = {}) {
  const mounts = Object.entries(folders).map(([path, folder]) => ({ path, files: sirv(folder, { dev: true }) }));
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    if (isolated) for (const [name, value] of Object.entries(isolation)) response.setHeader(name, value);
    const page = pages[pathname];
    if (page !== undefined) return response.setHeader('Content-Type', 'text/html').end(page);
    const mount = mounts.find(({ path }) => pathname.startsWith(path));
    const missing = () => response.writeHead(404).end();
    if (mount === undefined) return missing();
    request.url = request.url.slice(mount.path.length - 1);
    mount.files(request, response, missing);
  });
  await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
  return { url: `http://localhost:${server.address().port}`, close: () => server.close() };
}
