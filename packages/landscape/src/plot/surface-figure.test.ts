import { describe, expect, it } from 'vitest';
import { ramp } from './ramp.ts';
import { surfaceFigure } from './surface-figure.ts';
import { all, classed, cornersOf, parsed, placeOf, textOf } from './testing/parsed.ts';
import { sharp, surfaceOf, wide } from './testing/surfaces.ts';

const bowl = surfaceOf((a, b) => 4 * (a * a + b * b));
const both = [
  { title: 'SGD', surface: sharp },
  { title: 'SAM', surface: wide },
];

describe('a figure of surfaces', () => {
  it.each([-160, -52, 25, 140])('from %d° has the highest loss at the top of its axis', (azimuth) => {
    const root = parsed(surfaceFigure([{ title: 'bowl', surface: bowl }], { azimuth }));
    // The corner of the surface at the left edge of the box is where the axis is: 8 is its loss.
    const [x, y] = placeOf(textOf(root, '8'));
    const mesh = all(classed(root, 'flatmin-mesh')[0]!, 'path').flatMap(cornersOf);
    const leftmost = mesh.reduce((one, other) => (other[0] < one[0] ? other : one));
    expect(leftmost[0]).toBeCloseTo(x + 9, 0);
    expect(leftmost[1]).toBeCloseTo(y - 4.2, 0);
  });

  it('has the lowest loss on the floor', () => {
    const root = parsed(surfaceFigure([{ title: 'bowl', surface: bowl }]));
    // The middle of the floor is as high on the paper as the middle between its left and its right corner.
    const [marked] = all(root, 'circle').map((circle) => Number(circle.getAttribute('cy')));
    const [left, right] = [textOf(root, '0', 'end'), textOf(root, '1', 'start')].map((text) => placeOf(text)[1]);
    expect(Math.abs(marked! - (left! + right!) / 2)).toBeLessThan(12);
  });

  it('has the same colour for the same loss, whatever else is in a panel', () => {
    const middle = { title: 'four', surface: surfaceOf(() => 4, 3) };
    const root = parsed(surfaceFigure([{ title: 'bowl', surface: bowl }, middle]));
    const facets = all(classed(root, 'flatmin-mesh')[1]!, 'path');
    expect(facets).toHaveLength(4);
    for (const facet of facets) expect(facet.getAttribute('fill')).toBe(ramp(0.5));
  });

  it('has every panel in the same box, seen from the same point', () => {
    const root = parsed(
      surfaceFigure([
        { title: 'a', surface: sharp },
        { title: 'b', surface: sharp },
        { title: 'c', surface: wide },
      ]),
    );
    const [one, other] = classed(root, 'flatmin-mesh').map((mesh) => all(mesh, 'path').flatMap(cornersOf));
    const shift = other![0]![0] - one![0]![0];
    expect(shift).toBeGreaterThan(300);
    for (const [i, [x, y]] of one!.entries()) {
      expect(other![i]![0] - x).toBeCloseTo(shift, 0);
      expect(other![i]![1]).toBeCloseTo(y, 0);
    }
  });

  it('has panels side by side where it is wide, and below one another where it is narrow', () => {
    const titles = (width: number) => {
      const root = parsed(surfaceFigure(both, { width }));
      return [placeOf(textOf(root, 'SGD')), placeOf(textOf(root, 'SAM'))] as const;
    };
    const [[[x0, y0], [x1, y1]], [[x2, y2], [x3, y3]]] = [titles(760), titles(360)];
    expect([y0, x1 > x0 + 300]).toEqual([y1, true]);
    expect([x2, y3 > y2 + 200]).toEqual([x3, true]);
  });

  it('says where it is cut, and draws nothing above', () => {
    const surface = surfaceOf((a, b) => (a > 0.8 ? Infinity : a < -0.8 ? Number.NaN : 9 * Math.hypot(a, b)));
    const root = parsed(surfaceFigure([{ title: 'cut', surface }], { clip: 5 }));
    expect(textOf(root, '5')).toBeDefined();
    expect(root.textContent).toContain('Cut at a loss of 5.');
    const highest = (svg: string): number =>
      Math.min(
        ...all(classed(parsed(svg), 'flatmin-mesh')[0]!, 'path')
          .flatMap(cornersOf)
          .map(([, y]) => y),
      );
    const full = surfaceFigure(
      [
        { title: 'full', surface: surfaceOf(() => 5) },
        { title: '0', surface: surfaceOf(() => 0) },
      ],
      { clip: 5 },
    );
    expect(highest(surfaceFigure([{ title: 'cut', surface }], { clip: 5 }))).toBeGreaterThanOrEqual(highest(full) - 1);
    expect(surfaceFigure(both, { clip: 20 })).toBe(surfaceFigure(both));
  });

  it('on a logarithmic axis has equal steps for equal ratios', () => {
    const root = parsed(surfaceFigure([{ title: 'log', surface: surfaceOf((a) => 10 ** a) }], { scale: 'log' }));
    const [low, one, high] = ['0.1', '1', '10'].map((words) => placeOf(textOf(root, words, 'end'))[1]);
    expect(low! - one!).toBeCloseTo(one! - high!, 1);
  });

  it.each(['linear', 'log'] as const)('has the weights in its box though no point is there, on a %s axis', (scale) => {
    const even = { ...surfaceOf((a, b) => 5 + a * a + b * b, 4), centre: 0.01 };
    const root = parsed(surfaceFigure([{ title: 'even', surface: even }], { scale }));
    const cy = Number(all(root, 'circle')[0]!.getAttribute('cy'));
    const corners = all(classed(root, 'flatmin-mesh')[0]!, 'path').flatMap(cornersOf);
    expect(cy).toBeGreaterThan(Math.max(...corners.map(([, y]) => y)) - 60);
    expect(cy).toBeLessThan(Number(root.getAttribute('height')) - 60);
    expect(() => surfaceFigure([{ title: '0', surface: { ...even, centre: 0 } }], { scale: 'log' })).toThrow(
      'surfaceFigure: a loss is 0, and a logarithm needs losses above 0',
    );
  });

  it('marks the weights only where they are in the picture', () => {
    const beside = { ...bowl, axis: bowl.axis.map((a) => a + 2) };
    expect(all(parsed(surfaceFigure([{ title: 'beside', surface: beside }])), 'circle')).toEqual([]);
    expect(all(parsed(surfaceFigure([{ title: 'bowl', surface: bowl }])), 'circle')).toHaveLength(1);
  });
});
