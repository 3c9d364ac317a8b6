import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { memoryIo } from '../testing/streams.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { main } from './cli.ts';

afterEach(() => vi.unstubAllEnvs());

async function run(...args: string[]) {
  const io = memoryIo();
  return { exitCode: await main(args, io), stdout: io.stdout.text(), stderr: io.stderr.text() };
}

test.each([
  [['--networks', 'conv4-16,resnet'], '--networks resnet must be one of'],
  [['--networks', ''], '--networks "" must be one of'],
  [['--engines', 'wasm,gpu'], '--engines gpu must be one of'],
  [['--optimizers', 'adam'], '--optimizers adam must be one of'],
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

test('optimizers and engines are timed in turns, printed, and written as JSON with machine and commit', async () => {
  const file = join(temporaryFolder(), 'steps.json');
  const { exitCode, stdout, stderr } = await run(
    ...['--networks', 'linear', '--engines', 'wasm,cpu', '--optimizers', 'plain,sam,looksam-5'],
    ...['--rounds', '2', '--batch', '4', '--json', file],
  );
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stdout).toMatch(/\| linear +\| wasm +\| plain /);
  expect(stdout).toMatch(/\| linear +\| cpu +\| looksam-5 /);
  const times = Object.fromEntries(
    ['fastestMs', 'medianMs', 'q1Ms', 'q3Ms', 'ratioToPlain', 'ratioToFloor'].map((key) => [key, expect.any(Number)]),
  );
  const none = { ratioToTensorflow: null, ratioToPytorch: null };
  const ofFastest = { ratioToPlain: expect.any(Number), ratioToFloor: expect.any(Number), ...none };
  const row = { network: 'linear', batch: 4, rounds: 2, ...times, ...none, ofFastest };
  const rowsOf = (engine: string) => [
    { ...row, engine, optimizer: 'plain', gradients: 1, ratioToPlain: 1, ratioToFloor: 1 },
    { ...row, engine, optimizer: 'sam', gradients: 2 },
    { ...row, engine, optimizer: 'looksam-5', gradients: 1.2 },
  ];
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    machine: expect.any(String),
    node: process.version,
    commit: expect.any(String),
    engines: { wasm: expect.stringContaining('wasm'), cpu: expect.stringContaining('cpu') },
    rows: [...rowsOf('wasm'), ...rowsOf('cpu')],
  });
});

test('a peer that its Python lacks is left out with a word, and what this machine has is timed', async () => {
  const python = join(temporaryFolder(), 'python');
  writeFileSync(python, '#!/bin/sh\necho "ModuleNotFoundError: No module named \'torch\'" >&2; exit 1\n', {
    mode: 0o755,
  });
  const { exitCode, stdout, stderr } = await run(
    ...['--networks', 'linear', '--engines', 'cpu', '--optimizers', 'plain', '--rounds', '1', '--batch', '2'],
    ...['--python', python],
  );
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  expect(stderr).toContain(
    "Left out: pytorch with plain on linear ended: ModuleNotFoundError: No module named 'torch'",
  );
  expect(stdout).not.toContain('pytorch');
});

test('an engine that fails ends the run with its own words', async () => {
  vi.stubEnv('NODE_OPTIONS', '--require ./is-not-there.cjs');
  const { exitCode, stdout, stderr } = await run('--networks', 'linear', '--engines', 'cpu', '--optimizers', 'plain');
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
  expect(stderr).toContain('error: cpu with plain on linear ended: ');
});
