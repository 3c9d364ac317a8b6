import { describe, expect, it } from 'vitest';
import type { HessianSpectrum } from './hessian-spectrum.ts';
import { spectralDensity } from './spectral-density.ts';

const spectrum: HessianSpectrum = {
  parameters: 100,
  probes: [
    { values: [4, 0], weights: [0.25, 0.75] },
    { values: [2, 0], weights: [0.5, 0.5] },
  ],
};

const area = ({ axis, density }: ReturnType<typeof spectralDensity>, from = -Infinity, to = Infinity): number =>
  density.reduce((sum, y, i) => (axis[i]! >= from && axis[i]! <= to ? sum + y * (axis[1]! - axis[0]!) : sum), 0);

describe('the curve of a spectrum', () => {
  it('has the mean weight of the probes around each value, 1 in all', () => {
    const curve = spectralDensity(spectrum, { width: 0.1, points: 2001 });
    expect(area(curve)).toBeCloseTo(1, 3);
    expect(area(curve, -1, 1)).toBeCloseTo(0.625, 3);
    expect(area(curve, 1, 3)).toBeCloseTo(0.25, 3);
    expect(area(curve, 3, 5)).toBeCloseTo(0.125, 3);
    expect([curve.axis[0], curve.axis.at(-1)]).toEqual([-0.4, 4.4]);
  });

  it('has bells as wide as a hundredth of the distance of the extremes', () => {
    expect(spectralDensity(spectrum)).toEqual(spectralDensity(spectrum, { width: 0.04, points: 401 }));
  });

  it.each([0.1, 0.5, 20])('has an area of 1 though its bells are narrow for where they are spread: σ = %f', (width) => {
    const spread = { parameters: 3, probes: [{ values: [1000, 500.25, 0], weights: [0.25, 0.25, 0.5] }] };
    const curve = spectralDensity(spread, { width });
    expect(area(curve)).toBeCloseTo(1, 3);
    expect(area(curve, 400, 600)).toBeCloseTo(0.25, 3);
    expect(curve.axis).toHaveLength(width === 20 ? 401 : Math.ceil((3 * 1000) / width) + 25);
  });

  it('refuses bells that would be lost between its points', () => {
    const spread = { parameters: 2, probes: [{ values: [1000, 0], weights: [0.5, 0.5] }] };
    expect(() => spectralDensity(spread, { width: 0.125, points: 402 })).toThrow(
      new RangeError(
        'spectralDensity: width is 0.125, and 402 points are 2.5 apart; give 8009 points or a larger width.',
      ),
    );
    expect(area(spectralDensity(spread, { width: 0.125, points: 8009 }))).toBeCloseTo(1, 3);
    expect(() => spectralDensity(spread, { width: 1e-9 })).toThrow('and 100001 points are 0.01');
  });

  it.each([
    [3, 0.03],
    [-3, 0.03],
    [0, 1],
  ])('is one bell where all eigenvalues are %f', (value, width) => {
    const same = { parameters: 2, probes: [{ values: [value], weights: [1] }] };
    expect(spectralDensity(same)).toEqual(spectralDensity(same, { width }));
    expect(area(spectralDensity(same))).toBeCloseTo(1, 3);
  });

  it('is one bell, too, where eigenvalues differ by rounding alone', () => {
    const nearly = { parameters: 2, probes: [{ values: [2 + Number.EPSILON * 2, 2], weights: [0.5, 0.5] }] };
    const { axis } = spectralDensity(nearly);
    expect(axis.slice(1).every((value, i) => value > axis[i]!)).toBe(true);
  });

  it('is refused of no probes', () => {
    expect(() => spectralDensity({ parameters: 2, probes: [] })).toThrow(
      new RangeError('spectralDensity: the spectrum has no Ritz values; give one that hessianSpectrum measured.'),
    );
  });

  it('refuses options that make no sense', () => {
    const refused =
      (options: object): (() => unknown) =>
      () =>
        spectralDensity(spectrum, options);
    expect(refused({ points: 1 })).toThrow(
      new RangeError('spectralDensity: points is 1; give an integer of at least 2.'),
    );
    expect(refused({ width: 0 })).toThrow(new RangeError('spectralDensity: width is 0; give a finite number above 0.'));
    expect(refused({ sigma: 1 })).toThrow(
      new RangeError('spectralDensity: there is no option sigma; the options are points, width.'),
    );
  });
});
