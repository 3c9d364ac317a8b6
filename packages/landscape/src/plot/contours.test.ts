import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { spotsOn } from './contour-labels.ts';
import { type Contour, contoursOf } from './contours.ts';
import { axisOf } from './testing/surfaces.ts';

const plain = (loss: number): number => loss;
const gridOf = (xs: readonly number[], ys: readonly number[], loss: (x: number, y: number) => number) => ({
  xs,
  ys,
  losses: xs.map((x) => ys.map((y) => loss(x, y))),
});
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

const linesOf = (...given: Parameters<typeof contoursOf>): Contour['lines'] =>
  contoursOf(...given).flatMap(({ lines }) => lines);

describe('contours', () => {
  it('of a quadratic are ellipses: at level L the half axes are √(2L/λ)', () => {
    fc.assert(
      fc.property(between(1, 9), between(1, 9), between(0.05, 0.45), (p, q, level) => {
        const axis = axisOf(61);
        const grid = gridOf(axis, axis, (x, y) => (p * x * x + q * y * y) / 2);
        const [contour] = contoursOf(grid, [level], plain);
        const line = contour!.lines[0]!;
        expect(contour!.lines).toHaveLength(1);
        expect(line.at(-1)).toEqual(line[0]);
        for (const [x, y] of line)
          expect(Math.hypot(x * Math.sqrt(p), y * Math.sqrt(q))).toBeCloseTo(Math.sqrt(2 * level), 2);
      }),
      { numRuns: 30 },
    );
  });

  it('are where the axes say, also where these differ', () => {
    const lines = linesOf(
      gridOf([0, 1, 3, 4], [-2, 0, 5], (x) => x),
      [2],
      plain,
    );
    expect(lines).toHaveLength(1);
    for (const [x] of lines[0]!) expect(x).toBeCloseTo(2, 12);
    expect(lines[0]!.map(([, y]) => y).sort((a, b) => a! - b!)).toEqual([-2, 0, 5].map((y) => expect.closeTo(y)));
  });

  it('lie between points of the grid as the measure does', () => {
    const lines = linesOf(
      gridOf([0, 1], [0, 1], (x) => 10 ** x),
      [10 ** 0.25],
      Math.log,
    );
    for (const [x] of lines[0]!) expect(x).toBeCloseTo(0.25, 12);
  });

  it('enclose what is higher, up to the border; their lines do not run along it', () => {
    const axis = axisOf(5);
    const [bowl, below] = contoursOf(
      gridOf(axis, axis, (x, y) => x * x + y * y),
      [1.5, -1],
      plain,
    ) as [ReturnType<typeof contoursOf>[0], ReturnType<typeof contoursOf>[0]];
    expect(bowl.rings).toHaveLength(4);
    expect(bowl.lines).toHaveLength(4);
    const border = (value: number): boolean => Math.abs(value) === 1;
    for (const line of bowl.lines) {
      expect(line.slice(1, -1).flat().some(border)).toBe(false);
      for (const end of [line[0]!, line.at(-1)!]) expect(end.some(border)).toBe(true);
    }
    expect(below.rings.flat().every((point) => point.some(border))).toBe(true);
    expect(below.lines).toEqual([]);
  });

  it('keep clear of what is infinitely high', () => {
    const grid = gridOf([0, 1, 2], [0, 1, 2], (x) => (x === 2 ? Infinity : x));
    const lines = linesOf(grid, [1.5], plain);
    for (const [x] of lines[0]!) expect(x).toBeCloseTo(1, 12);
  });
});

describe('labels on contours', () => {
  const circle = (radius: number): [number, number][] =>
    Array.from({ length: 121 }, (_, i) => [
      200 + radius * Math.cos((i * Math.PI) / 60),
      200 + radius * Math.sin((i * Math.PI) / 60),
    ]);

  it('stand level on their lines, apart from one another', () => {
    const lines = [150, 110, 70].map((radius) => ({ words: '0.25', line: circle(radius) }));
    const spots = spotsOn(lines, []);
    expect(spots).toHaveLength(3);
    for (const { index, at, turn } of spots) {
      expect(Math.hypot(at[0] - 200, at[1] - 200)).toBeCloseTo([150, 110, 70][index]!, 0);
      expect(Math.abs(turn)).toBeLessThan(45);
      for (const other of spots.filter((other) => other.index !== index))
        expect(Math.hypot(at[0] - other.at[0], at[1] - other.at[1])).toBeGreaterThan(12);
    }
  });

  it('are left out where lines are dense, short or taken', () => {
    expect(
      spotsOn(
        [40, 44, 48, 52].map((radius) => ({ words: '0.25', line: circle(radius) })),
        [],
      ).length,
    ).toBeLessThan(4);
    expect(spotsOn([{ words: '0.25', line: circle(4) }], [])).toEqual([]);
    expect(spotsOn([{ words: '0.25', line: circle(100) }], circle(100))).toEqual([]);
  });
});
