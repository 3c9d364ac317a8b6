import { type Look, TEXT } from './look.ts';
import type { Markup } from './svg.ts';
import { label, wrapped } from './text.ts';

const LINE = 17;

/** The sentences below a figure, and how high they are. */
export function notes(
  sentences: readonly (string | undefined)[],
  { top, width, look }: { readonly top: number; readonly width: number; readonly look: Look },
): { readonly height: number; readonly markup: readonly Markup[] } {
  const lines = wrapped(sentences.filter((sentence) => sentence !== undefined).join(' '), width);
  const markup = lines.map((line, i) => label([0, top + TEXT + LINE * i], line, { fill: look.muted }));
  return { height: LINE * lines.length + 4, markup };
}
