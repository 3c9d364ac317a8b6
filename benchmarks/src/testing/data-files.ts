import type { FetchContext, Source } from '../data/source.ts';
import { type DataFile, sha256 } from '../data/verify.ts';

/** A file of a made data set with its content. */
export interface MadeFile {
  readonly file: DataFile;
  readonly content: Uint8Array;
}

/** A file whose content is a text. */
export function madeFile(name: string, text: string): MadeFile {
  const content = Buffer.from(text);
  return { content, file: { name, bytes: content.length, sha256: sha256(content) } };
}

/** A source that has some files, and keeps a list of those it was asked for. */
export function madeSource(name: string, has: readonly MadeFile[]): Source & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    name,
    asked,
    async *read(files) {
      asked.push(...files.map((file) => file.name));
      for (const { file, content } of has) {
        const wanted = files.find((candidate) => candidate.name === file.name);
        if (wanted) yield { file: wanted, content };
      }
    },
  };
}

/** A context that remembers what was said. */
export function madeContext(signal: AbortSignal = new AbortController().signal): FetchContext & { said: string[] } {
  const said: string[] = [];
  return { said, signal, say: (line) => said.push(line), transferred: () => {} };
}
