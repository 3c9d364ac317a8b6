import { spawnSync } from 'node:child_process';

/** Ends the program with one sentence. */
export class SetupError extends Error {}

/** Says what is done now. */
export function step(sentence) {
  process.stdout.write(`- ${sentence}\n`);
}

/** Runs a program; what it prints is returned, or told in the error where it fails. */
export function run(program, args, { what, ...options }) {
  const { status, signal, error, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options,
  });
  if (status === 0) return stdout;
  if (error?.code === 'ENOENT') throw new SetupError(`${what} needs ${program}, which is not installed`);
  if (error?.code === 'ETIMEDOUT') throw new SetupError(`${what} was not done after ${options.timeout / 1000} s`);
  throw new SetupError(`${what} failed (${reason(stderr) || reason(stdout) || signal || `exit code ${status}`})`);
}

/** The line that says most: the last that begins with an error, else the last. */
function reason(text) {
  const lines = text.split('\n').map((line) => line.trim());
  const told = lines.filter((line) => line !== '' && !line.includes('A complete log of this run'));
  return told.findLast((line) => /^(npm )?\w*error\b/i.test(line)) ?? told.at(-1);
}
