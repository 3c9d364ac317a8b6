import { describe, expect, it } from 'vitest';
import { cutLine } from './cut-line.ts';
import { lineFigure } from './line-figure.ts';
import { all, classed, cornersOf, numbersOf, parsed, placeOf, textOf } from './testing/parsed.ts';

const axis = [-1, -0.4, 0, 0.4, 1];
const one = { title: 'one', axis, losses: [8, 2, 0, 2, 8] };

describe('a figure of lines', () => {
  it('has each loss at the height of its number, and each point above its own', () => {
    const root = parsed(lineFigure([one]));
    const points = cornersOf(classed(root, 'flatmin-line')[0]!);
    const heightOf = (words: string): number => placeOf(textOf(root, words, 'end'))[1] - 4.2;
    expect(points.map(([, y]) => y)).toEqual([8, 2, 0, 2, 8].map((loss) => expect.closeTo(heightOf(String(loss)), 1)));
    const across = ['−1', '−0.4', '0', '0.4', '1'].map((words) => placeOf(textOf(root, words, 'middle'))[0]);
    expect(points.map(([x]) => x)).toEqual(across.map((x) => expect.closeTo(x, 1)));
  });

  it('has six series that differ in dashes and marks, not in colour alone', () => {
    const series = Array.from({ length: 6 }, (_, i) => ({ ...one, title: `series ${i}` }));
    const root = parsed(lineFigure(series));
    expect(new Set(classed(root, 'flatmin-line').map((line) => line.getAttribute('stroke-dasharray'))).size).toBe(6);
    const shapes = classed(root, 'flatmin-mark').map(
      (mark) => `${mark.getAttribute('fill')} ${mark.getAttribute('d')}`,
    );
    expect(new Set(shapes).size).toBe(6);
    expect(new Set(shapes.map((shape) => shape.replace(/^\S+ /, ''))).size).toBe(6);
    expect(() => lineFigure([...series, one])).toThrow('lineFigure: there are 7 series; give at most 6');
  });

  it('is cut where the loss is too high or not finite', () => {
    const root = parsed(lineFigure([{ ...one, losses: [Number.NaN, 2, 0, 6, Infinity] }], { clip: 4 }));
    const points = cornersOf(classed(root, 'flatmin-line')[0]!);
    const top = placeOf(textOf(root, '4'))[1] - 4.2;
    expect(points.map(([, y]) => y).every((y) => y >= top - 0.1)).toBe(true);
    expect(points).toHaveLength(4);
    expect(root.textContent).toContain('Cut at a loss of 4.');
  });

  it('has a legend that is broken where it is narrow', () => {
    const series = ['a first title', 'a second title', 'a third title'].map((title) => ({ ...one, title }));
    const rows = (width: number): number => {
      const root = parsed(lineFigure(series, { width }));
      return new Set(series.map(({ title }) => placeOf(textOf(root, title))[1])).size;
    };
    expect([rows(760), rows(360)]).toEqual([1, 2]);
    for (const text of all(parsed(lineFigure(series, { width: 360 })), 'text'))
      expect(numbersOf(text, 'x')[0]).toBeLessThan(360);
  });
});

it('a line is cut into pieces up to where it crosses a height', () => {
  expect(
    cutLine(
      [
        [0, 0],
        [1, 2],
        [2, 0],
        [3, 0],
      ],
      1,
    ),
  ).toEqual([
    [
      [0, 0],
      [0.5, 1],
    ],
    [
      [1.5, 1],
      [2, 0],
      [3, 0],
    ],
  ]);
  expect(
    cutLine(
      [
        [0, 2],
        [1, Infinity],
      ],
      1,
    ),
  ).toEqual([]);
});
