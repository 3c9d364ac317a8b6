import type { Source } from './source.ts';
import { filesInTarGz } from './tar-gz.ts';
import { fetchPieces, type Patience } from './transfer.ts';

/** An archive on a server. */
export interface RemoteArchive {
  readonly url: string;
  /** For the reader: `170 MB`. */
  readonly size: string;
  /** The most bytes that it can have. */
  readonly longest: number;
  /** In the archive, where the files lie under their names. */
  readonly folder: string;
}

/** Files in a `.tar.gz`, which is unpacked while it comes: those that came whole before a transfer broke are kept. */
export function downloadArchive({ url, size, longest, folder }: RemoteArchive, patience: Patience = {}): Source {
  const { host, pathname } = new URL(url);
  const name = pathname.slice(pathname.lastIndexOf('/') + 1);
  return {
    name: host,
    async *read(files, context) {
      const byPath = new Map(files.map((file) => [`${folder}/${file.name}`, file]));
      const lengths = new Map([...byPath].map(([path, file]) => [path, file.bytes]));
      context.say(`Fetching ${url} (${size}) …`);
      const pieces = fetchPieces({ ...patience, url, name, longest }, context);
      for await (const { path, content } of filesInTarGz(pieces, lengths)) yield { file: byPath.get(path)!, content };
    },
  };
}
