import { expect, test } from 'vitest';
import { drawSvg } from './draw.ts';
import { pareto } from './pareto.ts';
import { madeUpRun } from './sample.ts';

const epochs = 10;
const run = (optimizer: string, testAccuracy: number | null, passes: number, seed = 0) =>
  madeUpRun({ optimizer, testAccuracy, seed, trainImages: 640, batchSize: 64, gradientEvaluations: passes * epochs });
const draw = (runs: ReturnType<typeof run>[], width = 760) =>
  drawSvg(pareto(runs, 'Test accuracy (%)', { labels: [], width }));

/** Where the text of a label stands. */
function placeOf(svg: string, label: string): { x: number; y: number } {
  const found = new RegExp(`<text [^>]*translate\\(([\\d.-]+),([\\d.-]+)\\)[^>]*>${label}<`).exec(svg);
  return { x: Number(found![1]), y: Number(found![2]) };
}

test('a series stands at its mean accuracy, to the right of those that cost less', async () => {
  const svg = await draw([
    run('sgd', 0.9, 10),
    run('sam', 0.91, 20, 0),
    run('sam', 0.93, 20, 1),
    run('dear', 0.91, 40),
  ]);
  const [sgd, sam, dear] = ['sgd', 'sam', 'dear'].map((label) => placeOf(svg, label)) as [
    { x: number; y: number },
    { x: number; y: number },
    { x: number; y: number },
  ];
  expect(sgd.x).toBeLessThan(sam.x);
  expect(sam.x).toBeLessThan(dear.x);
  expect(sam.y).toBeLessThan(dear.y);
  expect(dear.y).toBeLessThan(sgd.y);
});

test('only those than which none is as accurate for as few gradients are coloured and joined', async () => {
  const svg = await draw([run('sgd', 0.9, 10), run('same', 0.9, 20), run('sam', 0.92, 20), run('dear', 0.91, 40)]);
  expect(svg.match(/<path [^>]*fill="var\(--series-1\)"/g)).toHaveLength(2);
  expect(svg.match(/<path [^>]*fill="var\(--muted\)"/g)).toHaveLength(2);
});

test.each([360, 760])('labels of a crowd can be read on %i pixels: none covers another', async (width) => {
  const names = [...'abcdefghij'].map((letter) => `variant-${letter}`);
  const svg = await draw([...names.map((name, i) => run(name, 0.92 + 0.0001 * i, 20)), run('sgd', 0.9, 10)], width);
  const heights = names.map((name) => placeOf(svg, name).y).sort((one, other) => one - other);
  for (const [i, y] of heights.slice(1).entries()) expect(y - heights[i]!).toBeGreaterThan(8);
});

test('a difference of less than a point does not fill the figure', async () => {
  const svg = await draw([run('sgd', 0.67, 10), run('sam', 0.6707, 20)]);
  const apart = placeOf(svg, 'sgd').y - placeOf(svg, 'sam').y;
  expect(apart).toBeGreaterThan(0);
  expect(apart).toBeLessThan(40);
});

test('a series without a result is left out', async () => {
  expect(await draw([run('sgd', 0.9, 10), run('sam', null, 20), run('random', 0.8, 20)])).not.toContain('>sam<');
});

test('what is far below the rest stands at the foot with its accuracy, and leaves them room', async () => {
  const crowd = ['a', 'b', 'c', 'd', 'e'].map((name, i) => run(name, 0.9 + 0.001 * i, 20));
  const apart = async (...others: ReturnType<typeof run>[]) => {
    const svg = await draw([...crowd, ...others]);
    return { svg, room: placeOf(svg, 'a').y - placeOf(svg, 'e').y };
  };
  const { svg, room } = await apart(run('far', 0.6, 12));
  expect(room).toBeCloseTo((await apart(run('near', 0.9, 12))).room, -1);
  expect(placeOf(svg, 'far: 60.00').y).toBeGreaterThan(placeOf(svg, 'a').y);
});
