import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CheckpointError } from './checkpoint-error.ts';
import { readCheckpoint, writeCheckpoint } from './checkpoint-file.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const value = (number: number) => ({ number, array: new Float64Array(1000).fill(number) });

describe('writeCheckpoint', () => {
  it('writes what readCheckpoint reads, in folders that it makes, and leaves nothing else', async () => {
    const folder = join(temporaryFolder(), 'runs', 'first');
    await writeCheckpoint(join(folder, 'checkpoint'), value(1));
    await writeCheckpoint(join(folder, 'checkpoint'), value(2));
    expect(await readCheckpoint(join(folder, 'checkpoint'))).toEqual(value(2));
    expect(readdirSync(folder)).toEqual(['checkpoint']);
  });

  it('takes the value as it is at the call', async () => {
    const path = join(temporaryFolder(), 'checkpoint');
    const array = new Float32Array(10).fill(1);
    const written = writeCheckpoint(path, { array });
    array.fill(2);
    await written;
    expect(await readCheckpoint(path)).toEqual({ array: new Float32Array(10).fill(1) });
  });

  it('leaves one of the values, whole, when several write at the same time', async () => {
    const folder = temporaryFolder();
    const numbers = Array.from({ length: 20 }, (_, number) => number);
    await Promise.all(numbers.map((number) => writeCheckpoint(join(folder, 'checkpoint'), value(number))));
    const { number } = (await readCheckpoint(join(folder, 'checkpoint'))) as { number: number };
    expect(await readCheckpoint(join(folder, 'checkpoint'))).toEqual(value(number));
    expect(readdirSync(folder)).toEqual(['checkpoint']);
  });

  it('writes nothing of a value that a checkpoint cannot hold', async () => {
    const folder = temporaryFolder();
    await expect(writeCheckpoint(join(folder, 'checkpoint'), { f: (() => 1) as never })).rejects.toThrow(
      '"f" is of type',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('says in one sentence what it could not write and why', async () => {
    const path = join(temporaryFolder(), 'taken');
    mkdirSync(path);
    const failure = writeCheckpoint(path, null);
    await expect(failure).rejects.toThrow(CheckpointError);
    await expect(failure).rejects.toThrow(/^\S+taken could not be written \(E\w+: .*\), what stands there .*path\.$/);
  });
});

describe('readCheckpoint', () => {
  it('names the file that is not there', async () => {
    const failure = readCheckpoint(join(temporaryFolder(), 'none'));
    await expect(failure).rejects.toThrow(CheckpointError);
    await expect(failure).rejects.toThrow(
      /none could not be read \(ENOENT: .*\); check the path, or start anew without it\.$/,
    );
  });

  it('names the file that is cut short, of another kind, or a folder', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'checkpoint');
    await writeCheckpoint(path, value(1));
    truncateSync(path, readFileSync(path).length - 1);
    await expect(readCheckpoint(path)).rejects.toThrow(`${path} is damaged or cut short`);
    writeFileSync(path, '{"weights": [1, 2, 3], "format": "somebody else\'s"}');
    await expect(readCheckpoint(path)).rejects.toThrow(`${path} is no flatmin-checkpoint`);
    await expect(readCheckpoint(folder)).rejects.toThrow(`${folder} could not be read (EISDIR`);
  });
});
