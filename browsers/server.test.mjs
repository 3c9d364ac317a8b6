import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serve } from './server.mjs';

describe('the server', () => {
  const root = mkdtempSync(join(tmpdir(), 'flatmin-server-'));
  let server;

  beforeAll(async () => {
    mkdirSync(join(root, 'public'));
    for (const file of ['public/module.mjs', 'public/kernels.wasm', 'secret.js']) writeFileSync(join(root, file), '');
    server = await serve({ '/files/': join(root, 'public') }, { pages: { '/page': '<p>' }, isolated: true });
  });

  afterAll(() => {
    server.close();
    rmSync(root, { recursive: true });
  });

  // Unlike fetch, this sends the path as it stands.
  const get = (path) =>
    new Promise((resolve) => {
      request(`${server.url}/`, { path, agent: false }, (response) => resolve(response.resume())).end();
    });

  it.each([
    ['/files/module.mjs', 'text/javascript'],
    ['/files/kernels.wasm', 'application/wasm'],
    ['/page', 'text/html'],
  ])('gives %s its type, without which a browser does not run it', async (path, type) => {
    const { statusCode, headers } = await get(path);
    expect([statusCode, headers['content-type']?.split(';')[0]]).toEqual([200, type]);
  });

  it('isolates pages that are to have threads', async () => {
    const { headers } = await get('/page');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
    expect(headers['cross-origin-embedder-policy']).toBe('require-corp');
  });

  it.each(['/secret.js', '/files/../secret.js', '/files/%2e%2e/secret.js', '/files/..%2fsecret.js', '/files/none.js'])(
    'has no %s',
    async (path) => {
      expect((await get(path)).statusCode).toBe(404);
    },
  );
});
