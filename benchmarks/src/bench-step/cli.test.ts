import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryIo } from '../testing/streams.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { main } from './cli.ts';

async function run(...args: string[]) {
  const io = memoryIo();
  return { exitCode: await main(args, io), stdout: io.stdout.text(), stderr: io.stderr.text() };
}

test.each([
  [['--networks', 'conv4-16,resnet'], '--networks resnet must be one of'],
  [['--networks', ''], '--networks "" must be one of'],
  [['--rounds', '0'], '--rounds 0 must be'],
  [['--rounds', 'many'], '--rounds many must be'],
  [['--batch', '2.5'], '--batch 2.5 must be'],
  [['--json', '.'], '--json . is a folder'],
  [['--json'], '--json <file>'],
  [['--speed', '11'], '--speed'],
  [['conv4-16'], 'too many arguments'],
])('%j is refused in one sentence that names it, before anything is timed', async (args, sentence) => {
  const { exitCode, stdout, stderr } = await run(...args);
  expect(exitCode).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toContain(sentence);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
});

test('help is no error', async () => {
  const { exitCode, stdout } = await run('--help');
  expect(exitCode).toBe(0);
  expect(stdout).toContain('--networks');
});

test('both optimizers are timed, printed, and written as JSON with machine and commit', async () => {
  const file = join(temporaryFolder(), 'steps.json');
  const { exitCode, stdout, stderr } = await run(
    ...['--networks', 'linear', '--rounds', '2', '--batch', '4', '--json', file],
  );
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stdout).toMatch(/\| linear +\| wasm +\| sgd /);
  expect(stdout).toMatch(/\| linear +\| wasm +\| sam /);
  const row = { network: 'linear', engine: 'wasm', batch: 4, rounds: 2 };
  const times = Object.fromEntries(
    ['medianMs', 'q1Ms', 'q3Ms', 'ratioToPlain'].map((key) => [key, expect.any(Number)]),
  );
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    machine: expect.any(String),
    node: process.version,
    commit: expect.any(String),
    rows: [
      { ...row, ...times, optimizer: 'sgd', ratioToPlain: 1 },
      { ...row, ...times, optimizer: 'sam' },
    ],
  });
});
