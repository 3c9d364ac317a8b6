import { join } from 'node:path';
import { writeAtomically } from '@flatmin/checkpoint/node';
import { drawSvg } from '../report/draw.ts';
import { columnsOf, plainTable } from '../report/plain-table.ts';
import type { ScalingRow } from './bench-scaling.ts';
import { lawText } from './law.ts';
import { type Scale, scales } from './scales.ts';
import { type Series, scalingFigure, seriesOf } from './scaling-figure.ts';

/** Draws a figure of each scale that there are rows of into a folder, and returns the table of their laws. */
export async function drawScaling(folder: string, rows: readonly ScalingRow[]): Promise<string> {
  const drawn = scales.filter(({ name }) => rows.some((row) => row.scale === name));
  for (const scale of drawn) {
    const svg = await drawSvg(scalingFigure(scale, seriesOf(scale, rows)));
    await writeAtomically(join(folder, `${scale.name}.svg`), `${svg}\n`);
  }
  return lawTable(rows);
}

/** The laws of all scales, as a table. */
export function lawTable(rows: readonly ScalingRow[]): string {
  const lines = scales.flatMap((scale) => seriesOf(scale, rows).map((series) => lawLine(scale, series)));
  return plainTable({
    columns: columnsOf(['x', 'of', 'step', 'milliseconds', 'largest deviation']),
    rows: lines,
  });
}

function lawLine({ title, about, terms }: Scale, { label, law }: Series): string[] {
  return [title, about, label, lawText(law, terms), `${(100 * law.deviation).toFixed(0)} %`];
}
