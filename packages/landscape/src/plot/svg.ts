import { escapeUTF8 } from 'entities/escape';

declare const brand: unique symbol;

/** Text that is SVG already; a string of the caller's becomes so by {@link escaped} only. */
export type Markup = string & { readonly [brand]: true };

/** A colour: as it is, and the CSS variable that a page may set instead. */
export interface Paint {
  readonly plain: string;
  readonly variable?: string;
}

/** What an attribute may be; numbers are rounded to hundredths, what is undefined is left out. */
export type Attribute = string | number | Paint | undefined;

/** A string as SVG shows it. What XML cannot hold, such as control characters, becomes U+FFFD. */
export function escaped(text: string): Markup {
  return escapeUTF8(
    text.replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, '\ufffd'),
  ) as Markup;
}

/**
 * An element. A colour with a variable stands in `style`, and plain in the attribute, for programs that know no
 * variables: they skip the style.
 *
 * @throws Error for a number that is not finite: a fault of the figure, which would else be a picture with holes
 */
export function element(
  name: string,
  attributes: Readonly<Record<string, Attribute>>,
  ...children: readonly Markup[]
): Markup {
  const styles: string[] = [];
  const written = Object.entries(attributes).flatMap(([key, value]) => {
    if (value === undefined) return [];
    if (typeof value === 'object' && value.variable !== undefined)
      styles.push(`${key}:var(${value.variable},${value.plain})`);
    return [` ${key}="${escaped(attribute(name, key, value))}"`];
  });
  const style = styles.length === 0 ? '' : ` style="${escaped(styles.join(';'))}"`;
  const start = `<${name}${written.join('')}${style}`;
  return (children.length === 0 ? `${start}/>` : `${start}>${children.join('')}</${name}>`) as Markup;
}

/** Elements in one group. */
export const group = (attributes: Readonly<Record<string, Attribute>>, children: readonly Markup[]): Markup =>
  element('g', attributes, ...children);

function attribute(name: string, key: string, value: Exclude<Attribute, undefined>): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'object') return value.plain;
  if (!Number.isFinite(value)) throw new Error(`figure: ${key} of ${name} is ${value}.`);
  return rounded(value);
}

const rounded = (value: number): string => String(Number(value.toFixed(2)) + 0);
