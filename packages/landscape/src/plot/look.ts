import type { Paint } from './svg.ts';

/**
 * Where a figure stands. `page`: its colours are the page's custom properties `--ink`, `--muted`, `--rule`, `--paper`
 * and `--series-1` to `--series-6`, or those of a light page where it sets none; the background is the page's.
 * `light` and `dark`: fixed colours, on a background of their own.
 */
export type Scheme = 'page' | 'light' | 'dark';

const light = {
  paper: '#ffffff',
  ink: '#1d1f21',
  muted: '#5b5f63',
  rule: '#d8d8d3',
  'series-1': '#0b66a8',
  'series-2': '#c8500b',
  'series-3': '#13805c',
  'series-4': '#a33e82',
  'series-5': '#8a6a00',
  'series-6': '#4f52b8',
};

const dark: typeof light = {
  paper: '#15171a',
  ink: '#e7e7e3',
  muted: '#a0a4a8',
  rule: '#3a3f46',
  'series-1': '#64b0ec',
  'series-2': '#f28d4c',
  'series-3': '#4fc79a',
  'series-4': '#dd86be',
  'series-5': '#d8b740',
  'series-6': '#9a9df2',
};

/** The colours of a figure by what they are for. */
export type Look = Readonly<Record<'paper' | 'ink' | 'muted' | 'rule', Paint>> & { readonly series: readonly Paint[] };

/** The colours of a scheme. */
export function lookOf(scheme: Scheme): Look {
  const colors = scheme === 'dark' ? dark : light;
  const paint = (name: keyof typeof light): Paint => ({
    plain: colors[name],
    ...(scheme === 'page' ? { variable: `--${name}` } : {}),
  });
  const series = ([1, 2, 3, 4, 5, 6] as const).map((index) => paint(`series-${index}`));
  return { paper: paint('paper'), ink: paint('ink'), muted: paint('muted'), rule: paint('rule'), series };
}

/** The size of all text but panel titles, in pixels. */
export const TEXT = 12;

/** The size of panel titles. */
export const TITLE = 14;
