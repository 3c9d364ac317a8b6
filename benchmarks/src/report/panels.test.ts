import { expect, test } from 'vitest';
import { drawSvg } from './draw.ts';
import { accuracyPanels, lossPanels } from './panels.ts';
import { madeUpComparison, madeUpMetrics } from './sample.ts';

const labels = ['sgd', ...'abcdefgh'];
const runs = madeUpComparison(labels);
const metrics = madeUpMetrics(runs, 50);
const options = { labels, baseline: 'sgd', width: 760 };
const figures = {
  accuracy: await drawSvg(accuracyPanels(metrics, 'Test accuracy (%)', options)),
  loss: await drawSvg(lossPanels(metrics, 'Cross-entropy (nats)', options)),
};

/** The lines drawn in a colour. */
function lines(svg: string, color: string): string[] {
  return [...svg.matchAll(/<path [^>]*d="(M[^"]*L[^"]*)" stroke="var\(--([\w-]+)\)"/g)].flatMap(([, path, stroke]) =>
    stroke === color ? [path!] : [],
  );
}

test.each(Object.entries(figures))(
  'every panel of %s has the baseline, and all but its own one line more',
  (_, svg) => {
    const [baseline, own] = [lines(svg, 'muted'), lines(svg, 'series-1')];
    expect(baseline).toHaveLength(9);
    expect(new Set(baseline).size).toBe(1);
    expect(own).toHaveLength(8);
    expect(new Set(own).size).toBe(8);
  },
);

test.each([
  ['accuracy', 'Test accuracy (%)', 'Epoch'],
  ['loss', 'Cross-entropy (nats)', 'Step'],
] as const)('%s is titled once, and every panel by its series', (figure, title, axis) => {
  expect(figures[figure].split(`>${title}<`)).toHaveLength(2);
  expect(figures[figure]).toContain(`>${axis}<`);
  for (const label of labels) expect(figures[figure].split(`>${label}<`)).toHaveLength(2);
});

test.each([360, 760])('panels fill a figure of %i pixels', async (width) => {
  const svg = await drawSvg(accuracyPanels(metrics, 'Test accuracy (%)', { ...options, width }));
  const drawn = Number(/ width="(\d+)"/.exec(svg)![1]);
  expect(Math.abs(drawn - width)).toBeLessThan(0.06 * width);
});

test('a series whose name looks like code is drawn like the others', async () => {
  const hostile = `"' + datum \\ </text>`;
  const named = { labels: [hostile, 'a'], baseline: hostile, width: 400 };
  const svg = await drawSvg(accuracyPanels(madeUpMetrics(madeUpComparison(named.labels)), 'Accuracy', named));
  expect(lines(svg, 'muted')).toHaveLength(2);
  expect(lines(svg, 'series-1')).toHaveLength(1);
});

test('a series that does not learn leaves the others their axis', async () => {
  const dead = metrics.map((line) => (line.kind === 'epoch' && line.run === 8 ? { ...line, testAccuracy: 0.1 } : line));
  const heights = async (all: typeof metrics) => {
    const [baseline] = lines(await drawSvg(accuracyPanels(all, 'Test accuracy (%)', options)), 'muted');
    const drawn = [...baseline!.matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y));
    return Math.max(...drawn) - Math.min(...drawn);
  };
  expect(await heights(dead)).toBeGreaterThan(0.7 * (await heights(metrics)));
});
