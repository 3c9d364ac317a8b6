import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { runProgram } from './run-program.ts';

const run = (program: string, args: string[], signal = new AbortController().signal) =>
  runProgram(program, args, { cwd: tmpdir(), signal });

test('a program that ends well is no more than that', async () => {
  expect(await run(process.execPath, ['--version'])).toBeUndefined();
});

test('a program that fails is told by the last line it printed', async () => {
  const script = 'console.error("first"); console.error("E: the reason"); process.exit(3)';
  await expect(run(process.execPath, ['-e', script])).rejects.toThrow(/-e failed \(E: the reason\)$/);
});

test('a program that is missing is said to be missing', async () => {
  await expect(run('no-such-program', ['download'])).rejects.toThrow('no-such-program is not on this machine');
});

test('a stop ends the program with the reason of the stop', async () => {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new Error('stopped by the user')), 50);
  const running = run(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], controller.signal);
  await expect(running).rejects.toThrow('stopped by the user');
});
