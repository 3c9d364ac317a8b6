import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { readCheckpoint, writeCheckpoint } from './checkpoint-file.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const KILLS = 100;

// Runs on the built package; tells of each checkpoint when it is written.
const writer = `
import { writeCheckpoint } from '@flatmin/checkpoint/node';
for (let number = Number(process.argv[1]); ; number++) {
  await writeCheckpoint(process.argv[2], { number, array: new Float64Array(200_000).fill(number) });
  process.stdout.write(number + '\\n');
}`;

/** Ends a writer at a random moment after its first checkpoint and gives the last that it told of. */
async function killed(child: ChildProcess): Promise<number> {
  let told = '';
  child.stdout!.on('data', (text) => {
    told += text;
  });
  await once(child.stdout!, 'data');
  await wait(Math.random() * 60);
  child.kill('SIGKILL');
  await once(child, 'close');
  return Number(told.trim().split('\n').at(-1));
}

it(`a process killed while it writes leaves a whole checkpoint, ${KILLS} times of ${KILLS}`, async () => {
  const folder = temporaryFolder();
  const path = join(folder, 'checkpoint');
  let [last, interrupted] = [0, 0];
  for (let kill = 0; kill < KILLS; kill++) {
    const args = ['--input-type=module', '--eval', writer, String(last + 1), path];
    const told = await killed(
      spawn(process.execPath, args, { cwd: join(import.meta.dirname, '..'), stdio: ['ignore', 'pipe', 'inherit'] }),
    );
    const { number, array } = (await readCheckpoint(path)) as { number: number; array: Float64Array };
    // The last that it told of, or the next, which was in place before it could tell.
    expect([told, told + 1]).toContain(number);
    expect(array.length === 200_000 && array.every((element) => element === number)).toBe(true);
    if (readdirSync(folder).length > 1) interrupted++;
    last = number;
  }
  expect(interrupted).toBeGreaterThan(0); // some kills did come in the middle of writing
  await writeCheckpoint(path, null);
  expect(readdirSync(folder)).toEqual(['checkpoint']);
}, 300_000);
