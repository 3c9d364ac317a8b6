import { Option } from 'commander';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UsageError } from '../errors.ts';
import { type NumberRule, parseNumber } from './options.ts';

const parse = (text: string, rule: NumberRule = {}) => parseNumber(new Option('--rate <value>'), text, rule);

test('every number that JavaScript writes is read back', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(parse(String(value))).toBeCloseTo(value, 12);
    }),
  );
});

test.each(['', ' ', 'x', '1x', '0x10', '1e', 'NaN', 'Infinity', '1e999', '1,5', '1_000', '٣'])(
  '%j is no number',
  (text) => {
    expect(() => parse(text)).toThrow(UsageError);
  },
);

test.each<[string, NumberRule, string]>([
  ['1.5', { whole: true }, '--rate 1.5 must be a whole number'],
  ['0', { whole: true, least: 1 }, '--rate 0 must be a whole number, at least 1'],
  ['0', { above: 0 }, '--rate 0 must be a number, greater than 0'],
  ['1', { least: 0, below: 1 }, '--rate 1 must be a number, at least 0 and less than 1'],
  ['8', { most: 7 }, '--rate 8 must be a number, at most 7'],
  ['', {}, '--rate "" must be a number'],
])('%j with %j is refused: %s', (text, rule, message) => {
  expect(() => parse(text, rule)).toThrow(message);
});

test('the bounds themselves are allowed or not, as the words say', () => {
  expect(parse('0', { least: 0 })).toBe(0);
  expect(parse('7', { most: 7 })).toBe(7);
});
