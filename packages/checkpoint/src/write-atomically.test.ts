import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import * as files from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from './testing/temporary-folder.ts';
import { writeAtomically } from './write-atomically.ts';

vi.mock('node:fs/promises', { spy: true });

const failure = (code: string): Error => Object.assign(new Error(`${code}: no luck`), { code });

describe('writeAtomically', () => {
  it('never shows a reader a part of a file that is being replaced', async () => {
    const path = join(temporaryFolder(), 'file.txt');
    const contents = ['a', 'b'].map((letter) => letter.repeat(2_000_000));
    await writeAtomically(path, contents[0]!);
    let writing = true;
    const written = (async () => {
      for (const which of [1, 0, 1]) await writeAtomically(path, contents[which]!);
      writing = false;
    })();
    while (writing) {
      expect(contents.includes(readFileSync(path, 'utf8'))).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await written;
  });

  it('leaves nothing aside when the file cannot take its name', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'taken'));
    await expect(writeAtomically(join(folder, 'taken'), 'content')).rejects.toThrow();
    expect(readdirSync(folder)).toEqual(['taken']);
  });

  it.each([
    ['the new file cannot be made, as without permission', 'EACCES', 'writeFile', 'old'],
    ['renaming fails', 'EIO', 'rename', 'old'],
    ['the folder cannot be flushed', 'EIO', 'open', 'new'],
  ] as const)('leaves a whole file and nothing aside when %s', async (_, code, step, content) => {
    const folder = temporaryFolder();
    await writeAtomically(join(folder, 'file'), 'old');
    vi.spyOn(files, step).mockRejectedValueOnce(failure(code));
    await expect(writeAtomically(join(folder, 'file'), 'new')).rejects.toThrow(code);
    expect(readdirSync(folder)).toEqual(['file']);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe(content);
  });

  it('removes the part that it wrote when the disk is full', async () => {
    const folder = temporaryFolder();
    await writeAtomically(join(folder, 'file'), 'old');
    vi.spyOn(files, 'writeFile').mockImplementationOnce(async (aside) => {
      writeFileSync(String(aside), 'ne');
      throw failure('ENOSPC');
    });
    await expect(writeAtomically(join(folder, 'file'), 'new')).rejects.toThrow('ENOSPC');
    expect(readdirSync(folder)).toEqual(['file']);
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old');
  });

  it('tells the first error when not even the part can be removed', async () => {
    vi.spyOn(files, 'writeFile').mockRejectedValueOnce(failure('ENOSPC'));
    vi.spyOn(files, 'rm').mockRejectedValueOnce(failure('EROFS'));
    await expect(writeAtomically(join(temporaryFolder(), 'file'), 'new')).rejects.toThrow('ENOSPC');
  });

  it('writes though the leftovers cannot be listed', async () => {
    const path = join(temporaryFolder(), 'file');
    vi.spyOn(files, 'readdir').mockRejectedValueOnce(failure('EACCES'));
    await writeAtomically(path, 'new');
    expect(readFileSync(path, 'utf8')).toBe('new');
  });

  it('removes what killed writers of this file left, and nothing of living ones and of other files', async () => {
    const folder = temporaryFolder();
    const { pid: dead } = spawnSync(process.execPath, ['--version']);
    const before = new Date(Date.now() - process.uptime() * 1000 - 5000);
    const put = (name: string, time = new Date()): void => {
      writeFileSync(join(folder, name), 'part');
      utimesSync(join(folder, name), time, time);
    };
    put(`file.${dead}.00000001.part`);
    put(`file.${process.pid}.00000002.part`, before);
    const kept = [
      `file.${process.pid}.00000003.part`,
      `file.${process.ppid}.00000004.part`,
      `file.${dead}.part`,
      `file.${dead}.00000005.part.gz`,
      `other.${dead}.00000006.part`,
    ];
    for (const name of kept) put(name);
    await writeAtomically(join(folder, 'file'), 'whole');
    expect(readdirSync(folder).sort()).toEqual(['file', ...kept].sort());
  });
});
