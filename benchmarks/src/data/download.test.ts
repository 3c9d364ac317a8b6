import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { madeContext, madeFile } from '../testing/data-files.ts';
import { serve } from '../testing/serve.ts';
import { download } from './download.ts';
import type { FetchContext } from './source.ts';
import type { Patience } from './transfer.ts';

const { file, content } = madeFile('one', 'some content'.repeat(1_000));
const compressed = gzipSync(content);

async function fetchOne(url: string, options: Patience = {}, context: FetchContext = madeContext()) {
  for await (const fetched of download(url, options).read([file], context)) return fetched.content;
  return undefined;
}

test('a file is fetched whole and the bytes are counted while they come', async () => {
  const url = await serve((request, response) => {
    expect(request.url).toBe('/one.gz');
    response.setHeader('content-length', compressed.length).end(compressed);
  });
  const counts: [string, number, number | undefined][] = [];
  const context = {
    ...madeContext(),
    transferred: (...count: [string, number, number | undefined]) => counts.push(count),
  };
  expect(await fetchOne(url, {}, context)).toEqual(content);
  expect(counts.at(-1)).toEqual(['one.gz', compressed.length, compressed.length]);
});

test('an answer other than the file is an error that says which', async () => {
  const url = await serve((_, response) => response.writeHead(404).end());
  await expect(fetchOne(url)).rejects.toThrow('one.gz could not be downloaded (the answer was 404 Not Found)');
});

test('a server that cannot be reached is an error with the reason of the system', async () => {
  await expect(fetchOne('http://127.0.0.1:1')).rejects.toThrow(/one\.gz could not be downloaded \(.+\)/);
});

test('a transfer that breaks off is an error, and the next attempt gets the whole file', async () => {
  let attempts = 0;
  const url = await serve((_, response) => {
    attempts++;
    response.setHeader('content-length', compressed.length);
    if (attempts > 1) response.end(compressed);
    else response.write(compressed.subarray(0, 20), () => response.destroy());
  });
  await expect(fetchOne(url)).rejects.toThrow('one.gz could not be downloaded');
  expect(await fetchOne(url)).toEqual(content);
});

test('a server that does not answer is given up on', async () => {
  const url = await serve(() => {});
  await expect(fetchOne(url, { answerWithin: 50 })).rejects.toThrow('no answer within 0.05 s');
});

test('a server that falls silent in the middle is given up on', async () => {
  const url = await serve((_, response) => response.write(compressed.subarray(0, 20)));
  await expect(fetchOne(url, { nextPieceWithin: 50 })).rejects.toThrow('nothing came for 0.05 s');
});

test('a transfer longer than the file can be is ended', async () => {
  let ended = false;
  const url = await serve((_, response) => {
    const more = (): unknown => ended || response.write(Buffer.alloc(10_000), more);
    response.on('close', () => {
      ended = true;
    });
    more();
  });
  await expect(fetchOne(url)).rejects.toThrow(
    `one.gz could not be downloaded (it is longer than ${content.length + 65_536} bytes, which it cannot be)`,
  );
  await expect.poll(() => ended).toBe(true);
});

test('a user who stops ends the transfer with the reason of the stop', async () => {
  const controller = new AbortController();
  const url = await serve((_, response) => {
    response.write(compressed.subarray(0, 20));
    setTimeout(() => controller.abort(new Error('stopped by the user')), 20);
  });
  await expect(fetchOne(url, {}, madeContext(controller.signal))).rejects.toThrow('stopped by the user');
});
