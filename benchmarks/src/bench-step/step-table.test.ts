import { expect, test } from 'vitest';
import { stepTable } from './step-table.ts';

test('a row shows the median, the quartiles and the ratio to the plain step', () => {
  const row = { network: 'conv4-16', engine: 'wasm', optimizer: 'sam', batch: 64, rounds: 15 };
  const { columns, rows } = stepTable([{ ...row, medianMs: 350.04, q1Ms: 344.96, q3Ms: 361, ratioToPlain: 1.996 }]);
  expect(Object.fromEntries(columns.map(({ title }, index) => [title, rows[0]![index]]))).toEqual({
    network: 'conv4-16',
    engine: 'wasm',
    optimizer: 'sam',
    batch: '64',
    'median ms': '350.0',
    'quartiles ms': '345.0 – 361.0',
    'ratio to plain': '2.00',
  });
});
