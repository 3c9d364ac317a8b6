/** A member of a tar archive: a file with content, a symbolic link to a target, or a pipe. */
export type Member = readonly [name: string, kind: 'file' | 'link' | 'pipe', content?: string | Uint8Array];

const KINDS = { file: '0', link: '2', pipe: '6' };

/** A tar archive with these members. */
export function tarArchive(members: readonly Member[]): Buffer {
  return Buffer.concat([...members.map(tarMember), Buffer.alloc(1024)]);
}

function tarMember([name, kind, content = '']: Member): Buffer {
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`;
  const data = kind === 'file' ? Buffer.from(content as Uint8Array) : Buffer.alloc(0);
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(octal(0o644, 7) + octal(0, 7) + octal(0, 7) + octal(data.length, 11) + octal(0, 11), 100);
  header.write(`        ${KINDS[kind]}${kind === 'link' ? content : ''}`, 148);
  header.write('ustar\x0000', 257);
  header.write(
    `${octal(
      header.reduce((sum, byte) => sum + byte),
      6,
    )} `,
    148,
  );
  return Buffer.concat([header, data, Buffer.alloc((512 - (data.length % 512)) % 512)]);
}
