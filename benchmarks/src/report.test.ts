import { expect, test } from 'vitest';
import { madeUpComparison, madeUpMetrics, madeUpRun, madeUpRuns } from './report/sample.ts';
import { renderReport } from './report.ts';

const runs = madeUpRuns();
const page = await renderReport({ runs }, madeUpMetrics(runs));

test.each([
  ['two', 2],
  ['many', 8],
])(
  'nothing that comes from data of %s optimizers is taken for HTML, or for code of a figure, nor breaks it',
  async (_, number) => {
    const hostile = `"'\\"] ><script>alert('&')</script><img src=x onerror=alert(1)></svg></style>\u2028\0`;
    const texts = Object.entries(madeUpRun()).filter(([, value]) => typeof value === 'string');
    const run = madeUpRun(Object.fromEntries(texts.map(([field]) => [field, hostile])));
    const others = Array.from({ length: number - 1 }, (_, index) => ({ ...run, optimizer: hostile + index }));
    const html = await renderReport({ runs: [run, ...others] }, madeUpMetrics([run, ...others], 100));
    expect(html).not.toMatch(/<script|<img/);
    expect(html.match(/<\/(svg|style)>/g)).toHaveLength(1 + (number === 2 ? 6 : 8));
    expect(html).toContain('&#60;script&#62;');
  },
);

test('the page loads nothing and runs no script', () => {
  const addresses = [...page.matchAll(/(?:src|href|action|data)="([^"]*)"|url\(([^)]*)\)|@import|<script/g)].map(
    ([whole, address]) => address ?? whole,
  );
  expect(addresses).toEqual(['data:,']);
});

test('all figures are drawn for wide and for narrow screens, with axes, units and every series', () => {
  const figures = page.match(/<svg[\s\S]*?<\/svg>/g)!;
  expect(figures).toHaveLength(6);
  for (const svg of figures.slice(0, 2)) {
    for (const text of ['>Test accuracy (%)<', '>Gradients computed of each training image<', '>sgd<', '>sam<']) {
      expect(svg).toContain(text);
    }
  }
  for (const svg of figures.slice(2, 4)) {
    for (const text of ['>Test accuracy (%)<', '>Epoch<', '>sgd<', '>sam<']) expect(svg).toContain(text);
  }
  for (const svg of figures.slice(4)) {
    for (const text of ['>Cross-entropy (nats)<', '>Step<', '>sgd<', '>sam<']) expect(svg).toContain(text);
  }
});

test('of twenty optimizers each is named in every figure, where it stands', async () => {
  const names = ['sgd', ...Array.from({ length: 19 }, (_, index) => `optimizer-${index}`)];
  const many = madeUpComparison(names);
  const html = await renderReport({ runs: many }, madeUpMetrics(many, 100));
  const figures = html.match(/<svg[\s\S]*?<\/svg>/g)!;
  expect(figures).toHaveLength(8);
  for (const svg of figures) for (const name of names) expect(svg.split(`>${name}<`)).toHaveLength(2);
  expect(html).toContain('grey: sgd');
});

test('figures of runs that cannot be compared stand apart, with the curves of their own', async () => {
  const tasks = [...madeUpComparison(['sgd', 'sam']), ...madeUpComparison(['sgd', 'asam'])].map((run, position) =>
    position < 2 ? run : { ...run, dataset: 'cifar-10' },
  );
  const html = await renderReport({ runs: tasks }, madeUpMetrics(tasks, 100));
  const [fashion, cifar] = html.split('<h2>Dataset ').slice(1);
  expect(fashion).toMatch(/^fashion-mnist</);
  expect(cifar).toMatch(/^cifar-10</);
  for (const [part, own, foreign] of [
    [fashion!, 'sam', 'asam'],
    [cifar!, 'asam', 'sam'],
  ] as const) {
    const figures = part.match(/<svg[\s\S]*?<\/svg>/g)!;
    expect(figures).toHaveLength(6);
    for (const svg of figures) {
      expect(svg).toContain(`>${own}<`);
      expect(svg).not.toContain(`>${foreign}<`);
    }
  }
});

test('the baseline of many is plain gradient descent wherever it stands', async () => {
  const many = madeUpComparison(['sgd', ...'abcdef']).reverse();
  const html = await renderReport({ runs: many }, madeUpMetrics(many, 100));
  expect(html).toContain('in those of sgd');
});

test('every colour of a figure is defined for light and for dark', () => {
  const used = new Set([...page.matchAll(/"var\((--[\w-]+)\)"/g)].map(([, name]) => name));
  expect(used.size).toBeGreaterThan(3);
  for (const name of used) expect(page.split(`${name}:`), name).toHaveLength(3);
});

test('stopped, diverged and validation runs, made images and uncommitted code are stated before the results', async () => {
  const doubtful = [
    madeUpRun({ seed: 1, stopped: true }),
    madeUpRun({ seed: 2, stopped: true, diverged: true }),
    madeUpRun({ seed: 3, evaluatedOn: 'validation', dataset: 'made-stripes', commit: 'abc-dirty' }),
  ];
  const [before] = (await renderReport({ runs: doubtful }, [])).split('<h2>Results');
  expect(before).toMatch(/Stopped before the end:<\/strong> [^<]*seed 1\.</);
  expect(before).toMatch(/Diverged[^<]*<\/strong> [^<]*seed 2\.</);
  expect(before).toMatch(/validation images[^<]*<\/strong> [^<]*seed 3\.</);
  expect(before).toMatch(/made images[^<]*<\/strong> [^<]*seed 3\.</);
  expect(before).toMatch(/in no commit:<\/strong> [^<]*seed 3\.</);
  expect(await renderReport({ runs: [madeUpRun()] }, [])).not.toContain('class="notice"');
});

test('what is needed to run it again stands on the page, unrounded', async () => {
  const run = madeUpRun({ sharpness: 0.123456789, machine: 'a machine', weightsDigest: 'f00d' });
  const html = await renderReport({ runs: [run] }, []);
  for (const value of Object.values(run).filter((value) => value !== null)) expect(html).toContain(`>${value}</dd>`);
});

test('metrics of a run that the summary does not hold are left out', async () => {
  const known = [madeUpRun()];
  const metrics = madeUpMetrics([...known, madeUpRun({ optimizer: 'unfinished' })]);
  expect(await renderReport({ runs: known }, metrics)).not.toContain('unfinished');
});

test('without any metrics the page says so', async () => {
  const html = await renderReport({ runs: [madeUpRun()] }, []);
  expect(html).not.toContain('<svg');
  expect(html).toContain('No epoch was recorded');
  expect(await renderReport({ runs: [] }, [])).toContain('The summary holds no runs');
});
