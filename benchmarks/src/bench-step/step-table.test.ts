import { expect, test } from 'vitest';
import { stepTable } from './step-table.ts';

const row = { network: 'conv4-16', engine: 'wasm', optimizer: 'sam', batch: 64, rounds: 15, gradients: 2 };

test('a row shows the median, the quartiles and the ratios, and a dash for one that there is not', () => {
  const { columns, rows } = stepTable([
    {
      ...row,
      ...{ fastestMs: 3.6, medianMs: 350.4, q1Ms: 34.96, q3Ms: 3.614, ratioToPlain: 1.996, ratioToFloor: 1.011 },
      ...{ ratioToTensorflow: 2.5, ratioToPytorch: null },
      ofFastest: { ratioToPlain: 2, ratioToFloor: 1, ratioToTensorflow: 2, ratioToPytorch: null },
    },
  ]);
  expect(Object.fromEntries(columns.map(({ title }, index) => [title, rows[0]![index]]))).toEqual({
    network: 'conv4-16',
    engine: 'wasm',
    optimizer: 'sam',
    batch: '64',
    'median ms': '350',
    'quartiles ms': '35.0 – 3.61',
    '× plain': '2.00',
    '× floor': '1.01',
    '× native': '2.50',
    '× PyTorch': '–',
  });
});
