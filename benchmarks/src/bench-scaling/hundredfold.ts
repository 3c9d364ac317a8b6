import { plainTable } from '../report/plain-table.ts';
import type { ScalingRow } from './bench-scaling.ts';
import { lawAt } from './law.ts';
import { scales } from './scales.ts';
import { seriesOf } from './scaling-figure.ts';

/** Ten times as wide as conv4-32: its convolutions have a hundred times as many weights and products. */
const WIDTH = 320;

/** Seconds of a step of conv4-320 at batch 32, by the laws of width. */
export function hundredfoldTable(rows: readonly ScalingRow[]): string {
  const scale = scales.find(({ name }) => name === 'width')!;
  const column = (title: string, numeric: boolean) => ({ title, numeric });
  return plainTable({
    columns: [column('step', false), column('seconds', true)],
    rows: seriesOf(scale, rows).map(({ label, law }) => [label, (lawAt(law, scale.terms, WIDTH) / 1000).toFixed(1)]),
  });
}
