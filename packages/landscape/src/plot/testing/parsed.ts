import { DOMParser, type Element } from '@xmldom/xmldom';

/** A figure read by a parser that refuses what is no XML. */
export function parsed(svg: string): Element {
  const fail = (level: string, message: string): void => {
    if (level !== 'warning') throw new Error(message);
  };
  return new DOMParser({ onError: fail }).parseFromString(svg, 'image/svg+xml').documentElement!;
}

/** All elements of a name, in the order in which they are drawn. */
export const all = (root: Element, name: string): Element[] => Array.from(root.getElementsByTagName(name));

/** The numbers of an attribute, such as the corners of a path. */
export const numbersOf = (element: Element, attribute: string): number[] =>
  Array.from(element.getAttribute(attribute)!.matchAll(/-?\d+(?:\.\d+)?/g), Number);

/** The corners of a path of straight lines. */
export function cornersOf(path: Element): [number, number][] {
  const numbers = numbersOf(path, 'd');
  return Array.from({ length: numbers.length / 2 }, (_, i) => [numbers[2 * i]!, numbers[2 * i + 1]!]);
}

/** The last text that reads like this, of this `text-anchor`; numbers at a left axis are anchored at their end. */
export function textOf(root: Element, words: string, anchor?: 'start' | 'middle' | 'end'): Element {
  const found = all(root, 'text').findLast(
    (text) => text.textContent === words && (anchor === undefined || text.getAttribute('text-anchor') === anchor),
  );
  if (found === undefined) throw new Error(`no text reads "${words}"`);
  return found;
}

/** The elements of a class. */
export const classed = (root: Element, name: string): Element[] =>
  all(root, '*').filter((element) => element.getAttribute('class') === name);

/** Where a text stands. */
export const placeOf = (text: Element): [x: number, y: number] => [
  Number(text.getAttribute('x')),
  Number(text.getAttribute('y')),
];
