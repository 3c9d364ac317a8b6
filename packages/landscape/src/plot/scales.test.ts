import { describe, expect, it } from 'vitest';
import { linearScale, logScale, rounded, type Scale, short, symlogScale } from './scales.ts';

const labels = ({ ticks }: Scale): string[] => ticks.map(({ label }) => label);

describe('an axis', () => {
  it('that is linear has round numbers at both ends, where it may be wider than the values', () => {
    const scale = linearScale([0.013, 8.6], 5, true);
    expect(scale.domain).toEqual([0, 9]);
    expect(labels(scale)).toEqual(['0', '2', '4', '6', '8']);
    expect(scale.part(4.5)).toBe(0.5);
  });

  it.each([
    [[0.013, 8.6], ['0.02', '0.05', '0.1', '0.2', '0.5', '1', '2', '5'], 10],
    [[0.013, 8.6], ['0.03', '0.1', '0.3', '1', '3'], 5],
    [[3e-7, 20], ['10⁻⁶', '10⁻⁴', '10⁻²', '10⁰'], 5],
    [[2.1, 2.4], ['2.1', '2.15', '2.2', '2.25', '2.3', '2.35', '2.4'], 5],
  ] as const)('that is logarithmic from %j has the numbers %j', (domain, expected, count) => {
    expect(labels(logScale(domain, count))).toEqual(expected);
  });

  it('that is logarithmic beyond zero has zero, and powers of ten on both sides', () => {
    const scale = symlogScale([-2, 84], 0.1);
    expect(labels(scale)).toEqual(['−1', '−0.1', '0', '0.1', '1', '10']);
    const parts = scale.ticks.map(({ value }) => scale.part(value));
    expect(parts).toEqual([...parts].sort((one, other) => one - other));
  });

  it('of one value has it in the middle', () => {
    for (const scale of [linearScale([2, 2], 5), logScale([2, 2], 5), symlogScale([2, 2], 1)]) {
      expect(scale.part(2)).toBeGreaterThan(0.3);
      expect(scale.part(2)).toBeLessThan(0.7);
    }
    expect(linearScale([0, 0], 5).part(0)).toBe(0.5);
  });
});

it.each([
  [0, '0'],
  [-0.5, '−0.5'],
  [0.1 + 0.2, '0.3'],
  [1e-4, '10⁻⁴'],
  [-2.5e-10, '−2.5·10⁻¹⁰'],
  [1e6, '10⁶'],
  [99999, '99999'],
  [Number.NaN, 'NaN'],
  [Infinity, '∞'],
  [-Infinity, '−∞'],
])('%d is written %s', (value, expected) => expect(short(value)).toBe(expected));

it('a measured number is written in three digits, finite or not', () => {
  expect(rounded(0.0123456)).toBe('0.0123');
  expect(rounded(Number.NaN)).toBe('NaN');
});
