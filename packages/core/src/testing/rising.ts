import { type NamedSchedule, warmUp } from '../schedule.ts';

/** {@link warmUp}, called in one place only, since linters take the name of its option for a promise's. */
export const rising = (steps: number, next: number | NamedSchedule): NamedSchedule =>
  // biome-ignore lint/suspicious/noThenProperty: the option is called so, and never holds a function
  warmUp({ steps, then: next });
