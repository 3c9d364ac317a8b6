import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Summary } from './results.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const launcher = join(import.meta.dirname, '../bin/flatmin-bench.js');

/** The command line in a process of its own. */
const start = (...args: string[]): Running => running([launcher, ...args]);

/** The same as built, where no checkout is found: commits made meanwhile do not matter. */
function startBuilt(...args: string[]): Running {
  const cli = pathToFileURL(join(import.meta.dirname, '../dist/cli.js'));
  const program = `import { main } from '${cli}'; process.exitCode = await main(process.argv.slice(1));`;
  return running(['--input-type=module', '--eval', program, '--', ...args], { GIT_DIR: 'none' });
}

interface Running {
  readonly child: ChildProcess;
  readonly err: () => string;
  readonly ended: Promise<Ended>;
}

function running(args: string[], env: NodeJS.ProcessEnv = {}): Running {
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (piece) => {
    out += piece;
  });
  child.stderr.on('data', (piece) => {
    err += piece;
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (exitCode, signal) => resolve({ exitCode, signal, out, err }));
  });
  return { child, err: () => err, ended };
}

interface Ended {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly out: string;
  readonly err: string;
}

beforeAll(async () => {
  const { exitCode, err } = await start('--help').ended;
  expect(err.replace('Building…\n', '')).toBe('');
  expect(exitCode).toBe(0);
}, 180_000);

test('once built, nothing is built again', async () => {
  expect((await start('--help').ended).err).toBe('');
});

test('a wrong option ends the process with exit code 2', async () => {
  const { exitCode, err } = await start('compare', '--epochs', '-3').ended;
  expect({ exitCode, err }).toEqual({ exitCode: 2, err: 'error: --epochs -3 must be a whole number, at least 1\n' });
});

test('a run trains, says nothing but its progress, and ends with exit code 0', async () => {
  const out = join(temporaryFolder(), 'results');
  const args = ['--dataset', 'made-stripes', '--model', 'linear', '--backend', 'wasm', '--epochs', '1', '--out', out];
  const { exitCode, err } = await start('run', ...args).ended;
  expect(exitCode).toBe(0);
  for (const line of err.trimEnd().split('\n')) expect(line).toMatch(/^sgd, learning rate 0.02, seed 1: /);
});

describe.skipIf(process.platform === 'win32')('Ctrl-C', () => {
  /** Starts a training that would take very long, and waits for its first epoch. */
  async function training() {
    const out = join(temporaryFolder(), 'results');
    const tiny = ['--dataset', 'made-stripes', '--model', 'linear', '--backend', 'cpu', '--limit', '64'];
    const running = start('run', ...tiny, '--seeds', '1,2', '--epochs', '100000', '--out', out);
    while (!running.err().includes('epoch 1/100000')) await new Promise((resolve) => setTimeout(resolve, 20));
    return { ...running, out };
  }

  test.each(['SIGINT', 'SIGTERM'] as const)('%s stops cleanly, keeps what there is, and says where', async (signal) => {
    const { child, ended, out: folder } = await training();
    child.kill(signal);
    const { exitCode, out, err } = await ended;
    expect(exitCode).toBe(130);
    expect(err).toContain('Stopping after the step in progress; Ctrl-C again ends at once.');
    const { runs }: Summary = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'));
    expect(runs).toHaveLength(1);
    expect(runs[0]).toMatchObject({ stopped: true, seed: 1, testAccuracy: null });
    expect(runs[0]!.epochs).toBeGreaterThanOrEqual(1);
    expect(out).toContain(`Stopped in run 1 of 2, after ${runs[0]!.epochs} of 100000 epochs; kept in ${folder} `);
    expect(readdirSync(folder).sort()).toEqual(['metrics.jsonl', 'report.html', 'summary.json']);
  });

  test('with --checkpoint the same command goes on where it was stopped', async () => {
    const tiny = ['--dataset', 'made-stripes', '--model', 'linear', '--backend', 'cpu', '--limit', '100'];
    const settings = ['run', ...tiny, '--batch-size', '4', '--epochs', '4', '--out'];
    const [whole, out] = [join(temporaryFolder(), 'results'), join(temporaryFolder(), 'results')];
    await startBuilt(...settings, whole).ended;
    const command = [...settings, out, '--checkpoint', '0'];
    const { child, err, ended } = startBuilt(...command);
    while (!err().includes('epoch 1/4')) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    expect((await ended).out).toContain('the same command again goes on from there');
    const again = await startBuilt(...command).ended;
    expect(again.exitCode).toBe(0);
    expect(again.err).toMatch(/^sgd, learning rate 0.02, seed 1: going on after step \d{2}, /);
    const digest = (folder: string): string => readFileSync(join(folder, 'summary.json'), 'utf8').match(/Digest.*/)![0];
    expect(digest(out)).toBe(digest(whole));
  }, 180_000);

  test('a second one ends at once and leaves no half-written results', async () => {
    const { child, err, ended, out } = await training();
    child.kill('SIGINT');
    while (!err().includes('Stopping')) await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill('SIGINT');
    const { exitCode, signal } = await ended;
    if (signal === null)
      expect(exitCode).toBe(130); // it was faster than the second signal
    else expect(signal).toBe('SIGINT');
    const summary = join(out, 'summary.json');
    if (existsSync(summary)) expect(() => JSON.parse(readFileSync(summary, 'utf8'))).not.toThrow();
  });
});
