import { milliseconds } from '../bench-step/step-table.ts';
import type { Table } from '../report/columns.ts';
import { columnsOf } from '../report/plain-table.ts';
import type { StepProfile } from './profile-step.ts';

/** A line for each part of a step, a column for each engine: milliseconds, and how much of the step that is. */
export function profileTable(profiles: readonly StepProfile[]): Table {
  const parts = Object.keys(profiles[0]?.parts ?? {}) as (keyof StepProfile['parts'])[];
  const share = (part: number, whole: number): string =>
    `${milliseconds(part)} (${((100 * part) / whole).toFixed(1)} %)`;
  return {
    columns: columnsOf(
      ['milliseconds of a step'],
      profiles.map(({ network, optimizer, engine }) => `${network}, ${optimizer} on ${engine}`),
    ),
    rows: [
      ...parts.map((part) => [part, ...profiles.map((profile) => share(profile.parts[part], profile.ms))]),
      ['in all', ...profiles.map(({ ms }) => milliseconds(ms))],
    ],
  };
}
