import { TEXT } from './look.ts';
import { type Attribute, element, escaped, type Markup } from './svg.ts';

/** A piece of a label: a symbol in italics, or what stands below the line. */
export interface Span {
  readonly text: string;
  readonly italic?: true;
  readonly bold?: true;
  readonly sub?: true;
}

/** What a label says. */
export type Words = string | readonly Span[];

/** Lower by this part of the size, a line is vertically centred. */
export const MIDDLE = 0.35;

const SUB = { size: 0.75, down: 0.25 };

/** Text at a place; `size` in pixels, `turn` in degrees around the place. */
export function label(
  [x, y]: readonly [number, number],
  words: Words,
  {
    size = TEXT,
    turn = 0,
    ...attributes
  }: Readonly<Record<string, Attribute>> & { readonly size?: number; readonly turn?: number },
): Markup {
  const turned = turn === 0 ? undefined : `rotate(${Number(turn.toFixed(1))} ${x.toFixed(1)} ${y.toFixed(1)})`;
  return element('text', { x, y, 'font-size': size, transform: turned, ...attributes }, ...pieces(words, size));
}

function pieces(words: Words, size: number): Markup[] {
  if (typeof words === 'string') return [escaped(words)];
  let below = false;
  return words.map(({ text, italic, bold, sub = false }) => {
    // Each piece tells how far it is from the one before.
    const dy = sub === below ? undefined : (sub ? 1 : -1) * SUB.down * size;
    below = sub;
    const attributes = {
      dy,
      'font-size': sub ? SUB.size * size : undefined,
      'font-style': italic && 'italic',
      'font-weight': bold && 600,
    };
    return element('tspan', attributes, escaped(text));
  });
}

/**
 * About how wide text is, in pixels. No font can be asked where there is no browser, so these are the widths of common
 * sans-serif faces, rounded up.
 */
export function widthOf(words: Words, size: number = TEXT): number {
  if (typeof words !== 'string')
    return words.reduce((sum, { text, sub }) => sum + widthOf(text, sub ? SUB.size * size : size), 0);
  return [...words].reduce((sum, character) => sum + widthOfCharacter(character), 0) * size;
}

function widthOfCharacter(character: string): number {
  if (/[iljtfrI.,:;'!|()[\] ]/.test(character)) return 0.37;
  if (/[mwMW@%—‖]/.test(character)) return 0.95;
  if (/[A-Z∇∂η−+=<>&]/.test(character)) return 0.7;
  return character.codePointAt(0)! >= 0x2e80 ? 1 : 0.62;
}

/** Text in lines that are no wider than this; what is left after the last line it may have is told by an ellipsis. */
export function wrapped(text: string, width: number, size: number = TEXT, most: number = Infinity): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter((word) => word !== '')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && widthOf(longer, size) <= width) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  const shown = lines.slice(0, most);
  if (lines.length > most) shown[most - 1] = `${shown[most - 1]}…`;
  return shown.map((line) => shortened(line, width, size));
}

function shortened(line: string, width: number, size: number): string {
  if (widthOf(line, size) <= width) return line;
  const characters = [...line.replace(/…$/, '')];
  while (characters.length > 1 && widthOf(`${characters.join('')}…`, size) > width) characters.pop();
  return `${characters.join('')}…`;
}
