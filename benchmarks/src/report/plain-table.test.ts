import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainTable } from './plain-table.ts';

const columns = ['optimizer', 'note'].map((title) => ({ title, numeric: false }));

test('an ordinary cell stands as it is', () => {
  expect(
    plainTable({ columns, rows: [['sam, ρ = 0.05', '91.52 ± 0.11']] })
      .split('\n')
      .at(-1),
  ).toBe('| sam, ρ = 0.05 | 91.52 ± 0.11 |');
});

test('a cell that ends its own cell, line or colour, or is HTML, stays one cell of plain text', () => {
  const rows = [['a|b\\|c', 'red\u001b[31m\r\nnext\u2028line <script>alert(1)</script>']];
  expect(plainTable({ columns, rows }).split('\n').at(-1)).toBe(
    String.raw`| a\|b\\\|c | red [31m next line \<script>alert(1)\</script> |`,
  );
});

test('whatever its cells hold, a table has a line a row and a pipe a border', () => {
  const cell = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell)), (rows) => {
      const lines = plainTable({ columns, rows }).split(/[\r\n\u2028\u2029]/);
      expect(lines).toHaveLength(rows.length + 2);
      for (const line of lines) expect(line.replace(/\\./gu, '').match(/\|/g)).toHaveLength(3);
    }),
  );
});
