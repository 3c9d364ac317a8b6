/** A member of a tar archive: a file with content, a symbolic link to a target, or a pipe. */
export type Member = readonly [name: string, kind: 'file' | 'link' | 'pipe', content?: string | Uint8Array];

const KINDS = { file: '0', link: '2', pipe: '6' };

/** A Debian package with these members, under names that no tool of Debian would write. */
export function debianArchive(members: readonly Member[]): Buffer {
  const control = 'Package: made\nVersion: 1\nArchitecture: all\nMaintainer: nobody\nDescription: made\n';
  return ar([
    ['debian-binary', Buffer.from('2.0\n')],
    ['control.tar', tar([['./control', 'file', control]])],
    ['data.tar', tar(members)],
  ]);
}

function ar(files: readonly (readonly [name: string, content: Buffer])[]): Buffer {
  const parts = files.map(([name, content]) => {
    const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}`;
    return Buffer.concat([
      Buffer.from(`${header}${String(content.length).padEnd(10)}\`\n`),
      content,
      Buffer.alloc(content.length % 2),
    ]);
  });
  return Buffer.concat([Buffer.from('!<arch>\n'), ...parts]);
}

function tar(members: readonly Member[]): Buffer {
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
