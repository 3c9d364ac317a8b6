import { execFile } from 'node:child_process';
import { arch, cpus, platform, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { RunSummary } from './results.ts';

/** Where and with what code a run was made. */
export type Provenance = Pick<RunSummary, 'commit' | 'machine' | 'node'>;

/** The commit that this file belongs to, and the machine. */
export async function provenance(): Promise<Provenance> {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return {
    commit: await commitOf(import.meta.dirname),
    machine: `${processors[0]?.model.trim() ?? 'unknown processor'}, ${processors.length} threads, ${memory} GiB, ${platform()} ${arch()}`,
    node: process.version,
  };
}

/**
 * The commit checked out at a folder, `-dirty` behind it when files differ from it; recorded results
 * and checkpoints do not count. `unknown` outside a checkout.
 */
export async function commitOf(folder: string): Promise<string> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', args, { cwd: folder })).stdout.trim();
  try {
    const commit = await git('rev-parse', 'HEAD');
    const recorded = ['results', 'checkpoints'].map((name) => `:(top,exclude)benchmarks/${name}`);
    const changes = await git('status', '--porcelain', '--', ':/', ...recorded);
    return changes === '' ? commit : `${commit}-dirty`;
  } catch {
    return 'unknown';
  }
}
