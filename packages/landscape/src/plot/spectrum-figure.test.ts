import { describe, expect, it } from 'vitest';
import { spectrumFigure } from './spectrum-figure.ts';
import { all, classed, cornersOf, numbersOf, parsed, placeOf, textOf } from './testing/parsed.ts';

const density = { axis: [-1, 0, 1, 2, 10], density: [1e-6, 1, 1e-2, 0, 1e-3] };

describe('a figure of spectra', () => {
  it('has densities at the heights of their powers of ten, and none where there is none', () => {
    const root = parsed(spectrumFigure([{ title: 'one', density }]));
    const points = cornersOf(classed(root, 'flatmin-line')[0]!);
    const heightOf = (words: string): number => placeOf(textOf(root, words))[1] - 4.2;
    // What is 0 is infinitely low: the curve falls straight down to the axis.
    const ys = points.map(([, y]) => y);
    expect(ys).toContainEqual(expect.closeTo(heightOf('10⁰'), 1));
    expect(ys).toContainEqual(expect.closeTo(heightOf('10⁻²'), 1));
    expect(ys).toContainEqual(expect.closeTo((heightOf('10⁻²') + heightOf('10⁻⁴')) / 2, 1));
    expect(root.textContent).not.toContain('largest eigenvalues');
  });

  it.each(['linear', 'symlog'] as const)('marks the largest eigenvalues at their places on a %s axis', (scale) => {
    const root = parsed(
      spectrumFigure(
        [
          { title: 'one', density, eigenvalues: [10, 1] },
          { title: 'two', density },
        ],
        { scale },
      ),
    );
    // The first two marks are those of the legend.
    const marks = classed(root, 'flatmin-mark')
      .slice(2)
      .map((mark) => numbersOf(mark, 'transform')[0]);
    const [ten, one] = ['10', '1'].map((words) => all(root, 'text').find(({ textContent }) => textContent === words));
    if (scale === 'symlog') expect(marks).toEqual([ten, one].map((text) => expect.closeTo(placeOf(text!)[0], 1)));
    else expect(marks[0]).toBeCloseTo(placeOf(ten!)[0], 1);
    expect(textOf(root, 'one: λ₁ = 10')).toBeDefined();
    expect(root.textContent).toContain('the largest eigenvalues');
  });

  it('draws curves of very many points', () => {
    const axis = Array.from({ length: 100_001 }, (_, i) => i);
    const fine = { axis, density: axis.map((x) => Math.exp(-x / 1e4)) };
    const root = parsed(
      spectrumFigure([
        { title: 'one', density: fine },
        { title: 'two', density: fine },
      ]),
    );
    expect(classed(root, 'flatmin-line')).toHaveLength(2);
  });

  it('begins a tenth below its lowest peak, or where it is told to', () => {
    const series = [{ title: 'one', density: { axis: [0, 1, 2], density: [1, 1e-9, 1e-3] } }];
    expect(parsed(spectrumFigure(series)).textContent).toMatch(/^(?!.*10⁻[5-9]).*10⁻⁴/);
    expect(parsed(spectrumFigure(series, { floor: 1e-9 })).textContent).toContain('10⁻⁸');
  });
});
