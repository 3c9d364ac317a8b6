import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { type Member, tarArchive } from '../testing/tar-archive.ts';
import { filesInTarGz } from './tar-gz.ts';

const text = 'one after the other '.repeat(200);
const archive = (...members: Member[]): Buffer => gzipSync(tarArchive(members));
const twoFiles = archive(['set/b', 'file', text], ['set/notes', 'file', text], ['./set/a', 'file', 'short']);

async function* inPieces(bytes: Uint8Array, size = 100): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

async function read(pieces: AsyncIterable<Uint8Array>, longest = 10_000): Promise<[string, string][]> {
  const files: [string, string][] = [];
  const wanted = new Map(['set/a', 'set/b', 'set/c'].map((path) => [path, longest]));
  for await (const { path, content } of filesInTarGz(pieces, wanted)) files.push([path, String(content)]);
  return files;
}

test.each([1, 100, 1_000_000])(
  'the wanted files come whole from pieces of %i bytes, the others do not',
  async (size) => {
    expect(await read(inPieces(twoFiles, size))).toEqual([
      ['set/b', text],
      ['set/a', 'short'],
    ]);
  },
);

test('a link under the name of a wanted file is not that file', async () => {
  expect(await read(inPieces(archive(['set/a', 'link', '/etc/passwd'])))).toEqual([]);
});

test('a file longer than it can be is refused by its length, before it is read', async () => {
  await expect(read(inPieces(twoFiles), 50)).rejects.toThrow(
    'set/b in the archive has 4000 bytes, more than the 50 that it can have',
  );
});

test.each([
  ['something else', Buffer.from('<html>not found</html>'), 'incorrect header check'],
  ['a gzip file that breaks off', twoFiles.subarray(0, -20), 'unexpected end of file'],
  ['a gzip file of something else', gzipSync(Buffer.alloc(2000, 'x')), 'TAR_ENTRY_INVALID: checksum failure'],
  ['a tar file that breaks off', gzipSync(tarArchive([['set/a', 'file', text]]).subarray(0, 900)), 'TAR_'],
])('%s is refused', async (_, bytes, reason) => {
  await expect(read(inPieces(bytes))).rejects.toThrow(`this is no whole tar.gz archive (${reason}`);
});

test('a failure of what sends the pieces is passed on as it is', async () => {
  const failure = new Error('it ended after 300 of 900 bytes');
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield* inPieces(twoFiles.subarray(0, 20));
    throw failure;
  }
  await expect(read(failing())).rejects.toBe(failure);
});

test('who has seen enough ends the pieces too', async () => {
  let ended = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      yield archive(['set/a', 'file', 'short']).subarray(0, -8);
      for (;;) yield await new Promise<Uint8Array>((resolve) => setTimeout(resolve, 5, new Uint8Array()));
    } finally {
      ended = true;
    }
  }
  for await (const { path } of filesInTarGz(endless(), new Map([['set/a', 100]]))) {
    expect(path).toBe('set/a');
    break;
  }
  await expect.poll(() => ended).toBe(true);
});
