import { describe, expect, it } from 'vitest';
import { contourFigure } from './contour-figure.ts';
import { all, classed, cornersOf, numbersOf, parsed, placeOf, textOf } from './testing/parsed.ts';
import { sharp, surfaceOf, wide } from './testing/surfaces.ts';
import { widthOf } from './text.ts';

const bowl = { title: 'bowl', surface: surfaceOf((a, b) => 4 * (a * a + b * b), 61) };

describe('a figure of contours', () => {
  const root = parsed(contourFigure([bowl], { levels: 8 }));
  const texts = (words: string) => all(root, 'text').filter((text) => text.textContent === words);

  it('has circles of the right radius for a round bowl: its axes have one unit', () => {
    const [zero, half] = ['0', '0.5'].map((words) => placeOf(textOf(root, words, 'middle'))[0]);
    const [centre] = classed(root, 'flatmin-centre').map((cross) => cornersOf(all(cross, 'path')[0]!));
    const middle = [0, 1].map((k) => (centre![0]![k]! + centre![1]![k]!) / 2);
    expect(middle[0]).toBeCloseTo(zero!, 0);
    // 4r² = 1 at r = ½: the first line is that of loss 1.
    for (const [x, y] of cornersOf(classed(root, 'flatmin-contour')[0]!))
      expect(Math.hypot(x - middle[0]!, y - middle[1]!)).toBeCloseTo(half! - zero!, 0);
  });

  it('has a label on each line, and its levels at the bar of colours', () => {
    // Once on a line, once at the bar; the corners have four lines each, and not all have room.
    for (const level of ['1', '2', '3']) expect(texts(level).length).toBeGreaterThanOrEqual(2);
    expect(textOf(root, 'Loss (nats)')).toBeDefined();
  });

  it('has the same levels in the same colours in all panels', () => {
    const figure = parsed(
      contourFigure(
        [
          { title: 'SGD', surface: sharp },
          { title: 'SAM', surface: wide },
        ],
        { scale: 'log' },
      ),
    );
    const [one, other] = classed(figure, 'flatmin-loss').map((group) =>
      all(group, '*').map((area) => area.getAttribute('fill')),
    );
    expect(new Set(one).size).toBe(one!.length);
    expect(one).toEqual(other);
  });

  it.each([360, 760])('has no number at its bar over another, %d pixels wide', (width) => {
    const surface = surfaceOf((a, b) => 0.0005 + 0.45 * (a * a + b * b), 61);
    const figure = parsed(contourFigure([{ title: 'many levels', surface }], { width, scale: 'log' }));
    const bottom = Math.max(
      ...all(figure, 'rect').map((rect) => numbersOf(rect, 'y')[0]! + numbersOf(rect, 'height')[0]!),
    );
    const numbers = all(figure, 'text')
      .filter((text) => Math.abs(placeOf(text)[1] - bottom - 20) < 8 && /^[\d.]+$/.test(text.textContent!))
      .map((text) => ({ x: placeOf(text)[0], half: widthOf(text.textContent!) / 2 }))
      .sort((one, other) => one.x - other.x);
    expect(numbers.length).toBeGreaterThan(3);
    for (const [i, { x, half }] of numbers.slice(1).entries())
      expect(x - half).toBeGreaterThan(numbers[i]!.x + numbers[i]!.half);
  });

  it('is blank above where it is cut, and says so', () => {
    const surface = surfaceOf((a, b) => (a + b > 1 ? Number.NaN : 4 * (a * a + b * b)), 61);
    const figure = parsed(contourFigure([{ title: 'cut', surface }], { clip: 3 }));
    expect(figure.textContent).toContain('Blank: losses above 3.');
    const fills = all(classed(figure, 'flatmin-loss')[0]!, '*').map((area) => area.getAttribute('fill'));
    expect(fills.at(-1)).toBe('#ffffff');
    expect(fills.slice(0, -1)).not.toContain('#ffffff');
  });
});
