import type { Surface2d } from '@flatmin/landscape';
import { expect, test } from 'vitest';
import { madeUpRun } from '../report/sample.ts';
import { landscapeFigures } from './figures.ts';

const axis = [-1, -0.5, 0, 0.5, 1];

/** The surfaces of networks whose losses are these functions of both coordinates, drawn. */
function drawn(name: 'surfaces' | 'contours', ...losses: ((a: number, b: number) => number)[]): string {
  const runs = losses.map((loss, position) => {
    const value: Surface2d = { axis, losses: axis.map((a) => axis.map((b) => loss(a, b))), centre: loss(0, 0) };
    return { run: madeUpRun({ optimizer: `${position}` }), measured: { surface: { given: {}, value } } };
  });
  const figures = landscapeFigures({ runs });
  return figures.find((figure) => figure.name === name)!.draw({ width: 760 });
}

test('walls are cut at what is usual at the edge of the flattest surface, so that the minimum is seen', () => {
  const bowl = (a: number, b: number) => 0.1 + a ** 2 + b ** 2;
  const steep = (a: number, b: number) => 0.1 + 40 * (a ** 2 + b ** 2);
  expect(drawn('surfaces', steep, bowl)).toContain('Cut at a loss of 1.35.');
});

test('a minimum above the edge of a flatter one is not cut away', () => {
  const low = (a: number, b: number) => 0.01 + 0.3 * (a ** 2 + b ** 2);
  const high = (a: number, b: number) => 0.8 + 0.5 * (a ** 2 + b ** 2);
  expect(drawn('surfaces', low, high)).not.toContain('Cut at');
});

test('all networks have a surface, and lines that are too many are named', () => {
  const bowl = (a: number, b: number) => 0.1 + a ** 2 + b ** 2;
  const svg = drawn('surfaces', ...Array(8).fill(bowl));
  expect(svg.match(/>[0-7]</g)).toEqual(expect.arrayContaining(['>6<', '>7<']));
  const line = { given: {}, value: { axis, losses: axis.map((a) => bowl(a, 0)), centre: 0.1 } };
  const runs = Array.from({ length: 8 }, (_, i) => ({ run: madeUpRun({ optimizer: `o${i}` }), measured: { line } }));
  const [lines] = landscapeFigures({ runs });
  expect(lines!.caption).toMatch(/ Not shown: o6 and o7\.$/);
  expect(lines!.draw({ width: 760 })).toMatch(/^(?!.*o6)(?=.*o5)/s);
});

test('spectra have bells of one width, whatever their range', () => {
  const spectrum = (largest: number) => ({
    given: {},
    value: { parameters: 3, probes: [{ values: [largest, 0], weights: [0.5, 0.5] }] },
  });
  const runs = [10, 1000].map((largest, i) => ({
    run: madeUpRun({ optimizer: `o${i}` }),
    measured: { spectrum: spectrum(largest) },
  }));
  const [figure] = landscapeFigures({ runs });
  expect(figure!.caption).toContain('a bell of σ = 1.0.');
  expect(figure!.draw({ width: 760 })).toMatch(/^<svg/);
});

test('the spectrum of a dead network beside another is drawn', () => {
  const spectrum = (largest: number) => ({
    given: {},
    value: { parameters: 3, probes: [{ values: [largest, 0], weights: [0.5, 0.5] }] },
  });
  const runs = [1e-9, 1000].map((largest, i) => ({
    run: madeUpRun({ optimizer: `o${i}` }),
    measured: { spectrum: spectrum(largest) },
  }));
  expect(landscapeFigures({ runs })[0]!.draw({ width: 760 })).toMatch(/^<svg/);
});

test('of several seeds the first is drawn, and the caption says so', () => {
  const value: Surface2d = { axis, losses: axis.map(() => axis.map(() => 1)), centre: 1 };
  const of = (seed: number) => ({ run: madeUpRun({ seed }), measured: { surface: { given: {}, value } } });
  const [several] = landscapeFigures({ runs: [of(1), of(2)] });
  expect(several!.caption).toMatch(/ Of several seeds the first\.$/);
  expect(landscapeFigures({ runs: [of(1)] })[0]!.caption).not.toContain('seeds');
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, 0])('figures of a loss that is %s somewhere are drawn', (odd) => {
  const bowl = (a: number, b: number) => (a === 1 && b === 0.5 ? odd : 0.1 + a ** 2 + b ** 2);
  for (const name of ['surfaces', 'contours'] as const) {
    const svg = drawn(name, bowl);
    expect(svg).toMatch(/^<svg/);
    expect(svg).not.toMatch(/NaN|Infinity/);
  }
});

test('the surface of a dead network, which is level, is drawn', () => {
  expect(drawn('surfaces', () => Math.LN10)).not.toContain('Cut at');
});

test('networks of different tasks stand in different figures, whose names and headings tell them apart', () => {
  const value: Surface2d = { axis, losses: axis.map(() => axis.map(() => 1)), centre: 1 };
  const of = (dataset: string, optimizer: string) => ({
    run: madeUpRun({ dataset, optimizer }),
    measured: { surface: { given: {}, value } },
  });
  const [grey, colours] = ['fashion-mnist', 'cifar-10'];
  const runs = [of(grey, 'sgd'), of(colours, 'sgd'), of(grey, 'sam'), of(colours, 'sam')];
  const surfaces = landscapeFigures({ runs }).filter(({ name }) => name.startsWith('surfaces'));
  expect(surfaces.map(({ name, heading }) => [name, heading])).toEqual([
    ['surfaces-dataset-fashion-mnist', 'The loss around the minimum: dataset fashion-mnist'],
    ['surfaces-dataset-cifar-10', 'The loss around the minimum: dataset cifar-10'],
  ]);
  for (const { draw } of surfaces) expect(draw({ width: 760 }).match(/>(sgd|sam)</g)).toEqual(['>sgd<', '>sam<']);
});
