import { expect, it } from 'vitest';
import { auditOf } from './audit.ts';

const result = (...severities: string[]): string =>
  JSON.stringify({
    vulnerabilities: Object.fromEntries(severities.map((severity) => [`a-${severity}-one`, { severity }])),
  });

it('high and critical vulnerabilities are told by package', () => {
  expect(auditOf(result('low', 'high', 'moderate', 'critical'))).toEqual({
    kind: 'vulnerable',
    packages: ['a-high-one (high)', 'a-critical-one (critical)'],
  });
});

it('an audit without them is clean', () => {
  expect([result(), result('info', 'low', 'moderate')].map(auditOf)).toEqual([{ kind: 'clean' }, { kind: 'clean' }]);
});

it.each([
  ['{"message": "405 Method Not Allowed", "error": {"summary": ""}}', '405 Method Not Allowed'],
  ['', 'npm audit printed no result'],
  ['{}', 'npm audit printed no result'],
])('no answer is not a clean one: %s', (printed, reason) => {
  expect(auditOf(printed)).toEqual({ kind: 'unknown', reason });
});
