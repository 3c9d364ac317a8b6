import { timeTogether } from '../bench-step/bench-step.ts';
import type { StepRow } from '../bench-step/step-rows.ts';
import type { Scale } from './scales.ts';

/** A step at one point of a scale. */
export interface ScalingRow extends StepRow {
  readonly scale: string;
  readonly x: number;
}

/** Times plain and SAM steps at all points of each scale, those of one scale in turns. */
export async function benchScaling(
  scales: readonly Pick<Scale, 'name' | 'points'>[],
  how: { readonly rounds: number; readonly say: (line: string) => void },
): Promise<ScalingRow[]> {
  const rows: ScalingRow[] = [];
  for (const { name, points } of scales) {
    const lineUps = points.flatMap(({ lineUps }) => lineUps.map((one) => ({ ...one, optimizers: ['plain', 'sam'] })));
    const results = await timeTogether(lineUps, how);
    for (const row of results.rows) {
      const point = points.find(({ lineUps: at }) =>
        at.some((one) => one.network === row.network && one.batch === row.batch && one.engines.includes(row.engine)),
      )!;
      rows.push({ ...row, scale: name, x: point.x });
    }
  }
  return rows;
}
