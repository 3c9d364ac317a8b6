import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryIo } from '../testing/streams.ts';
import { temporaryFolder } from '../testing/temporary-folder.ts';
import { main } from './cli.ts';
import { millisecondsByPart, type StepProfile } from './profile-step.ts';

test.each([
  [['--network', 'resnet'], '--network resnet must be one of'],
  [['--engines', 'wasm-2'], '--engines wasm-2 must be one of'],
  [['--optimizer', 'adam'], '--optimizer adam must be one of'],
  [['--seconds', '0'], '--seconds 0 must be'],
])('%j is refused in one sentence that names it, before anything is timed', async (args, sentence) => {
  const io = memoryIo();
  expect(await main(args, io)).toBe(2);
  expect(io.stdout.text()).toBe('');
  expect(io.stderr.text()).toContain(sentence);
});

test("a step's time is told by parts, of which the gradients are one", async () => {
  const io = memoryIo();
  const file = join(temporaryFolder(), 'profile.json');
  const args = ['--network', 'linear', '--engines', 'wasm', '--seconds', '0.3', '--json', file];
  expect(await main(args, io)).toBe(0);
  expect(io.stdout.text()).toMatch(/\| gradients +\|/);
  const { profiles, commit } = JSON.parse(readFileSync(file, 'utf8')) as { profiles: StepProfile[]; commit: string };
  expect(commit).toEqual(expect.any(String));
  const [{ parts, ms, steps, ...input }] = profiles as [StepProfile];
  expect(input).toEqual({ engine: 'wasm', network: 'linear', optimizer: 'sam', batch: 64 });
  expect(steps).toBeGreaterThan(0);
  for (const part of ['gradients', 'update', 'norms', 'JavaScript'] as const) expect(parts[part]).toBeGreaterThan(0);
  expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBeCloseTo(ms);
});

test('a sample belongs to the first part that its stack is in, and to none outside a step', () => {
  const frame = (id: number, functionName: string, file: string, children: number[] = []) => ({
    id,
    children,
    callFrame: { functionName, scriptId: '0', url: `file:///x/${file}`, lineNumber: 0, columnNumber: 0 },
  });
  const nodes = [
    frame(1, '(root)', '', [2, 8]),
    frame(2, 'Optimizer.minimize', 'tf.js', [3, 5, 7]),
    frame(3, 'computeGradients', 'ours.js', [4]),
    frame(4, 'Optimizer.computeGradients', 'tf.js', [6]),
    frame(5, 'norm', 'algebra.js', [9]),
    frame(6, 'Engine.runKernel', 'tf.js'),
    frame(7, 'Engine.runKernel', 'tf.js'),
    frame(8, 'Engine.runKernel', 'tf.js'),
    frame(9, 'Engine.runKernel', 'tf.js'),
  ];
  const samples = [6, 4, 9, 7, 8, 3];
  const timeDeltas = [1000, 2000, 4000, 8000, 16000, 32000];
  expect(millisecondsByPart({ nodes, samples, timeDeltas, startTime: 0, endTime: 1 })).toEqual(
    new Map<string, number>([
      ['gradients', 3],
      ['norms', 4],
      ['other kernels', 8],
      ['JavaScript', 32],
    ]),
  );
});
