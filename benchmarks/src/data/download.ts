import { gunzipFile } from './gunzip.ts';
import type { FetchContext, Source } from './source.ts';
import { fetchPieces, type Patience } from './transfer.ts';
import { type DataFile, longestCompressed } from './verify.ts';

/**
 * Files served compressed under `URL/NAME.gz`. A file is held in memory until it is whole, so a broken
 * transfer leaves nothing behind and simply starts anew.
 */
export function download(url: string, patience: Patience = {}): Source {
  return {
    name: new URL(url).host,
    async *read(files, context) {
      for (const file of files)
        yield { file, content: gunzipFile(await fetchWhole(url, file, context, patience), file) };
    },
  };
}

async function fetchWhole(url: string, file: DataFile, context: FetchContext, patience: Patience): Promise<Uint8Array> {
  const name = `${file.name}.gz`;
  const pieces: Uint8Array[] = [];
  const transfer = { ...patience, url: `${url}/${name}`, name, longest: longestCompressed(file) };
  for await (const piece of fetchPieces(transfer, context)) pieces.push(piece);
  return Buffer.concat(pieces);
}
