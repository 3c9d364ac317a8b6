import { type Member, tarArchive } from './tar-archive.ts';

/** A Debian package with these members, under names that no tool of Debian would write. */
export function debianArchive(members: readonly Member[]): Buffer {
  const control = 'Package: made\nVersion: 1\nArchitecture: all\nMaintainer: nobody\nDescription: made\n';
  return ar([
    ['debian-binary', Buffer.from('2.0\n')],
    ['control.tar', tarArchive([['./control', 'file', control]])],
    ['data.tar', tarArchive(members)],
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
