import { expect, test } from 'vitest';
import { drawSvg } from './draw.ts';
import { ranking } from './ranking.ts';
import { madeUpRun } from './sample.ts';

const runs = [
  madeUpRun({ testAccuracy: 0.9, gradientEvaluations: 100 }),
  madeUpRun({ optimizer: 'poor', testAccuracy: 0.8, gradientEvaluations: 400 }),
  madeUpRun({ optimizer: 'good', testAccuracy: 0.94, gradientEvaluations: 200 }),
  madeUpRun({ optimizer: 'good', testAccuracy: 0.98, gradientEvaluations: 200, seed: 1 }),
  madeUpRun({ optimizer: 'stopped', testAccuracy: null, gradientEvaluations: 50 }),
];
const labels = runs.map(({ optimizer }) => optimizer);
const draw = (baseline = 'sgd') => drawSvg(ranking(runs, 'Test accuracy (%)', { labels, baseline, width: 760 }));

/** Texts from top to bottom. */
function texts(svg: string, pattern: RegExp): string[] {
  const found = [...svg.matchAll(/<text [^>]*translate\([\d.-]+,([\d.-]+)\)[^>]*>([^<]*)</g)];
  return found
    .filter(([, , text]) => pattern.test(text!))
    .sort(([, y], [, other]) => Number(y) - Number(other))
    .map(([, , text]) => text!);
}

test('the best series is on top by its mean, and one without a result is left out', async () => {
  expect(texts(await draw(), /^[a-z]{3,}$/).filter((text) => text !== 'gradients')).toEqual(['good', 'sgd', 'poor']);
});

test('beside each series stands its cost, in the gradients of the baseline', async () => {
  expect(texts(await draw(), /×$/)).toEqual(['2.0 ×', '1.0 ×', '4.0 ×']);
});

test('every run has its dot, the baseline a line', async () => {
  const svg = await draw();
  expect(svg.match(/fill="var\(--series-1\)"/g)).toHaveLength(4);
  expect(svg.match(/stroke-dasharray/g)).toHaveLength(1);
});

test('without a result of the baseline there is no cost to tell', async () => {
  expect(texts(await draw('stopped'), /×$/)).toEqual([]);
});

test('runs far below all others are an arrow with their accuracies, and leave the others room', async () => {
  const crowd = ['sgd', ...'abcdefghi'].map((optimizer, i) => madeUpRun({ optimizer, testAccuracy: 0.9 + 0.001 * i }));
  const far = [0.6, 0.1].map((testAccuracy) => madeUpRun({ optimizer: 'far', testAccuracy }));
  const drawn = async (all: typeof runs) => {
    const named = all.map(({ optimizer }) => optimizer);
    const svg = await drawSvg(ranking(all, 'Accuracy', { labels: named, baseline: 'sgd', width: 760 }));
    const dots = [...svg.matchAll(/translate\(([\d.]+),[\d.]+\)" d="[^"]*" fill="var\(--series-1\)"/g)];
    return { svg, places: dots.map(([, x]) => Number(x)) };
  };
  const [{ svg, places }, alone] = [await drawn([...crowd, ...far]), await drawn(crowd)];
  expect(places).toHaveLength(crowd.length);
  expect(places.at(-1)! - places[0]!).toBeCloseTo(alone.places.at(-1)! - alone.places[0]!, -1.5);
  expect(svg).toContain('>10.00, 60.00<');
});

test('where all runs are alike none is far below', async () => {
  const same = ['sgd', 'a', 'b'].map((optimizer) => madeUpRun({ optimizer }));
  const named = same.map(({ optimizer }) => optimizer);
  const svg = await drawSvg(ranking(same, 'Accuracy', { labels: named, baseline: 'sgd', width: 760 }));
  expect(svg.match(/fill="var\(--series-1\)"/g)).toHaveLength(3);
  expect(svg).not.toMatch(/NaN/);
});
