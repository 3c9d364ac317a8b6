import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ParallelRow } from './bench-parallel/bench-parallel.ts';
import { parallelTable } from './bench-parallel/parallel-table.ts';
import type { StepProfile } from './bench-profile/profile-step.ts';
import { profileTable } from './bench-profile/profile-table.ts';
import { drawScaling, lawTable } from './bench-scaling/draw-scaling.ts';
import { hundredfoldTable } from './bench-scaling/hundredfold.ts';
import type { StepResults } from './bench-step/bench-step.ts';
import { performanceTable } from './bench-step/performance-table.ts';
import { stepTable } from './bench-step/step-table.ts';
import { plainTable } from './report/plain-table.ts';
import { targetsTable } from './targets.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const steps = JSON.parse(read('benchmarks/results/step/xeon-2-threads.json')) as StepResults;
const ofTargets = JSON.parse(read('benchmarks/results/step/targets.json')) as StepResults;
const { profiles } = JSON.parse(read('benchmarks/results/step/profile.json')) as { profiles: StepProfile[] };
const parallel = JSON.parse(read('benchmarks/results/parallel/xeon-2-threads.json')) as { rows: ParallelRow[] };
const scaling = JSON.parse(read('benchmarks/results/scaling/scaling.json'));

const tables: Readonly<Record<string, () => string>> = {
  'step, in short': () => plainTable(performanceTable(steps.rows)),
  targets: () => plainTable(targetsTable(ofTargets.rows, parallel.rows)),
  step: () => plainTable(stepTable(steps.rows)),
  profile: () => plainTable(profileTable(profiles)),
  parallel: () => plainTable(parallelTable(parallel.rows)),
  scaling: () => lawTable(scaling.rows),
  hundredfold: () => hundredfoldTable(scaling.rows),
};

// Once the results or their presentation changed on purpose: `npx vitest run benchmarks/src/performance.test.ts -u`.
test.each([
  ['README.md', ['step, in short']],
  ['docs/performance.md', ['targets', 'step', 'profile', 'parallel', 'scaling', 'hundredfold']],
])('the tables of %s are what the committed runs make', async (path, names) => {
  const text = read(path);
  let rendered = text;
  for (const name of names) {
    const block = new RegExp(`(<!-- ${name} -->\n)[\\s\\S]*?(\n<!-- end -->)`);
    expect(text).toMatch(block);
    rendered = rendered.replace(block, (_, before, after) => `${before}\n${tables[name]!()}\n${after}`);
  }
  await expect(rendered).toMatchFileSnapshot(join(root, path));
});

test('the figures of scaling are what the committed run draws', async () => {
  const folder = temporaryFolder();
  await drawScaling(folder, scaling.rows);
  for (const { name } of scaling.rows.map(({ scale }: { scale: string }) => ({ name: scale }))) {
    const file = `${name}.svg`;
    expect(readFileSync(join(folder, file), 'utf8') === read(`benchmarks/results/scaling/${file}`), file).toBe(true);
  }
});

test('the harness has timed every network with every optimizer on both engines of flatmin, and both peers', () => {
  for (const network of ['conv4-16', 'conv4-32', 'resnet-12', 'mlp-64']) {
    for (const engine of ['wasm', 'wasm-2', 'tensorflow']) {
      for (const optimizer of ['plain', 'sam', 'asam', 'gsam', 'looksam-5', 'msam']) {
        expect(steps.rows).toContainEqual(expect.objectContaining({ network, engine, optimizer }));
      }
    }
    for (const peer of ['pytorch', 'jax']) {
      expect(steps.rows).toContainEqual(expect.objectContaining({ network, engine: peer, optimizer: 'sam' }));
    }
  }
});
