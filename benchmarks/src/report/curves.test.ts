import { expect, test } from 'vitest';
import { accuracyCurves, lossCurves } from './curves.ts';
import { drawSvg } from './draw.ts';
import { smoothingWindow } from './measurements.ts';
import { madeUpMetrics, madeUpRun } from './sample.ts';

const options = { labels: ['sgd'], width: 400 };

/** A made-up run's first losses, one a step. */
function losses(...values: number[]) {
  return values.map((loss, index) => ({
    kind: 'step' as const,
    run: 0,
    optimizer: 'sgd',
    seed: 0,
    epoch: 1,
    step: index + 1,
    loss,
  }));
}

/** The drawn points of each line in the figure's raw and smooth layers, in the order of drawing. */
function lines(svg: string): string[] {
  return [...svg.matchAll(/<path d="(M[^"]*)" stroke="var/g)].map(([, path]) => path!);
}

test('each of seven series has a look of its own, even without colour', async () => {
  const runs = Array.from({ length: 7 }, (_, index) => madeUpRun({ optimizer: `optimizer-${index}`, epochs: 1 }));
  const labels = runs.map(({ optimizer }) => optimizer);
  const metrics = madeUpMetrics(runs, 100);
  const accuracy = await drawSvg(accuracyCurves(metrics, 'Test accuracy (%)', { labels, width: 400 }));
  const points = [...accuracy.matchAll(/<path transform="[^"]*" d="([^"]*)" fill="(var[^"]*)"/g)].slice(0, 7);
  expect(new Set(points.map(([, shape]) => shape)).size).toBe(7);
  expect(new Set(points.map(([, , color]) => color)).size).toBe(7);
});

test('the strong line is the mean around each step', async () => {
  const svg = await drawSvg(lossCurves(losses(1, 4, 1), 'Loss', options));
  const heights = lines(svg).map((path) => [...path.matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y)));
  const [raw, smooth] = heights as [number[], number[]];
  // The raw line goes up and comes back; the mean over one neighbour on each side is 2.5, 2, 2.5.
  expect(raw[0]).toBe(raw[2]);
  expect(raw[1]).toBeLessThan(raw[0]!);
  expect(smooth[0]).toBe(smooth[2]);
  expect(smooth[1]).toBeGreaterThan(smooth[0]!);
});

test('losses without a logarithm are left out of the figure', async () => {
  const svg = await drawSvg(lossCurves(losses(2, 0, Number.NaN, Number.POSITIVE_INFINITY, 1), 'Loss', options));
  expect(svg).not.toMatch(/NaN|Infinity/);
  expect(lines(svg)[0]).toMatch(/^M[\d.,]+L[\d.,]+$/);
});

test('a band that reaches below zero leaves the axis its losses', async () => {
  const [low, high] = [losses(2, 1, 0.5, 0.01), losses(2, 1, 0.5, 40).map((line) => ({ ...line, run: 1 }))];
  const labels = ['sgd', 'sgd'];
  const svg = await drawSvg(lossCurves([...low, ...high], 'Loss', { labels, width: 400 }));
  const [mean] = lines(svg).filter((path) => !path.endsWith('Z'));
  const heights = [...mean!.matchAll(/,([\d.]+)/g)].map(([, y]) => Number(y));
  expect(new Set(heights).size).toBeGreaterThan(1);
  expect(svg).not.toMatch(/NaN|Infinity/);
});

test('a long curve is thinned for drawing, and the mean still takes in every loss', async () => {
  const metrics = madeUpMetrics([madeUpRun()], 1);
  const [raw] = lines(await drawSvg(lossCurves(metrics, 'Loss', options)));
  expect(raw!.split('L').length).toBeGreaterThan(400);
  expect(raw!.split('L').length).toBeLessThanOrEqual(500);
  expect(smoothingWindow(metrics)).toBe(189);
});
