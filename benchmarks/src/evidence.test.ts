import { cpSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sum } from 'd3-array';
import { expect, test } from 'vitest';
import { main } from './cli.ts';
import { variantOf } from './optimizers.ts';
import { foundingResults } from './plans/founding-comparison.ts';
import { plans } from './plans/plans.ts';
import type { Summary } from './results.ts';
import { readResults } from './results-folder.ts';
import { described, type RunSettings, runKey } from './settings.ts';
import { stepsOf, stepsPerEpoch } from './steps.ts';
import { memoryIo } from './testing/streams.ts';
import { temporaryFolder } from './testing/temporary-folder.ts';

const root = join(import.meta.dirname, '../..');
const docs = join(root, 'docs');
const evidence = join(docs, 'evidence.md');
const page = readFileSync(evidence, 'utf8');

/** A command, and between it and the end what it prints. */
const SHOWN = /<!-- npx flatmin-bench (.+) -->\n[\s\S]*?<!-- end -->/g;

async function printed(args: readonly string[]): Promise<string> {
  const io = memoryIo();
  expect(await main(args, io), io.stderr.text()).toBe(0);
  return io.stdout.text();
}

/** The words of a command that is given at the project's root. */
function atRoot(command: string): string[] {
  return command.split(' ').map((arg) => arg.replace(/^benchmarks\//, `${root}/benchmarks/`));
}

/** What a command prints and draws, from a copy of what is committed. */
async function landscape(args: readonly string[]): Promise<string> {
  const committed = args[args.indexOf('--out') + 1]!;
  const out = join(temporaryFolder(), 'landscape');
  cpSync(committed, out, { recursive: true });
  const text = await printed(args.map((arg) => (arg === committed ? out : arg)));
  for (const file of readdirSync(out)) {
    expect(readFileSync(join(out, file), 'utf8') === readFileSync(join(committed, file), 'utf8'), file).toBe(true);
  }
  return text.split('\nMeasures:')[0]!;
}

// Once the results or their presentation changed on purpose: `npx vitest run benchmarks/src/evidence.test.ts -u`.
test('each table of the evidence is what its command prints of the committed results, and each figure what it draws', async () => {
  let rendered = page;
  expect([...page.matchAll(SHOWN)].length).toBeGreaterThan(2);
  for (const [block, command] of page.matchAll(SHOWN)) {
    const args = atRoot(command!);
    const text = args[0] === 'landscape' ? await landscape(args) : await printed(args);
    const shown = `<!-- npx flatmin-bench ${command} -->\n\n    npx flatmin-bench ${command}\n\n${text.trim()}\n\n<!-- end -->`;
    rendered = rendered.replace(block, () => shown);
  }
  expect([...rendered.matchAll(SHOWN)]).toHaveLength(rendered.match(/^ {4}npx flatmin-bench /gm)!.length);
  await expect(rendered).toMatchFileSnapshot(evidence);
});

test('the founding table’s own file is what its runs make', async () => {
  const results = foundingResults(await readResults(join(root, 'benchmarks/results/seed-table')), { scale: 1 });
  const text = readFileSync(join(root, 'benchmarks/results/seed-table.json'), 'utf8');
  expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(results)));
});

test('the report of the study is what its command makes of the committed results', async () => {
  const given = /npx flatmin-bench (report .+) --out (docs\/reports\/[\w-]+\.html)/.exec(page);
  expect(given, 'the page gives its command').not.toBeNull();
  const [, command, made] = given!;
  const out = join(temporaryFolder(), 'report.html');
  await printed([...atRoot(command!), '--out', out]);
  await expect(readFileSync(out, 'utf8')).toMatchFileSnapshot(join(root, made!));
});

test('what it takes is what the plans ask for', () => {
  const rows = [
    ...page.matchAll(/^\| `([\w-]+)`(?:, (?:beside )?([^|]+))? \| ([^|]+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm),
  ];
  const counted = rows.map(([, name, part, runs, steps, gradients, hours]) => {
    const { settings } = plans.get(name!)!;
    const dataset = { 'Fashion-MNIST': 'fashion-mnist', 'CIFAR-10': 'cifar-10' }[part?.split(' (')[0] ?? ''];
    const beside = part === '`conv4`' ? plans.get('conv4')!.settings.map((one) => runKey(described(one))) : [];
    const own = settings.filter(
      (one) => (dataset ?? one.dataset) === one.dataset && !beside.includes(runKey(described(one))),
    );
    const told = [runs, steps, gradients].map((text) => Number(text!.replaceAll(',', '')));
    expect(told, name).toEqual([own.length, sum(own, stepsOf), sum(own, gradientsOf)]);
    expect(hours, name).toBe(((sum(own, gradientsOf) * millisecondsOf(own[0]!)) / 3.6e6).toFixed(1));
    return name;
  });
  expect(new Set(counted)).toEqual(new Set(plans.keys()));
});

/** What a gradient takes, as the page tells it, and as the network's run of plain SGD in the founding table took it. */
function millisecondsOf({ model }: RunSettings): number {
  const { runs }: Summary = JSON.parse(readFileSync(join(root, 'benchmarks/results/seed-table/summary.json'), 'utf8'));
  const run = runs.find((one) => one.model === model && one.optimizer === 'sgd')!;
  const taken = Math.round(1000 * (run.secondsPerEpoch! / stepsPerEpoch(run)));
  expect(page).toMatch(new RegExp(`\`${model}\`[^.;,]* ${taken} ms`));
  return taken;
}

function gradientsOf(run: RunSettings): number {
  const gradients = variantOf(run)?.gradients ?? 1;
  const of = (step: number): number => Number(typeof gradients === 'function' ? gradients(step) : gradients);
  return sum(Array.from({ length: stepsOf(run) }, (_, step) => of(step)));
}

test('the results in the README stand in the evidence, and its figure is there', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const results = /\n## Results\n(.+?)\n## Performance\n/s.exec(readme)![1]!;
  const [, figure] = /!\[.+\]\((.+)\)/.exec(results)!;
  expect(existsSync(join(root, figure!))).toBe(true);
  const numbers = results.replace(figure!, '').match(/(?<=\| |\+|± )\d+\.\d+/g)!;
  expect(numbers.length).toBeGreaterThan(7);
  expect(numbers.filter((number) => !page.includes(number))).toEqual([]);
});

test('every file that the evidence names is there', () => {
  const named = [...page.matchAll(/\]\(([^)#]+)\)/g)].map(([, target]) => target!);
  expect(named.filter((target) => !existsSync(join(docs, target)))).toEqual([]);
});
