import { checkKeys, checkNumber } from '@flatmin/core';
import { type Look, lookOf, type Scheme } from './look.ts';
import { element, escaped, group, type Markup } from './svg.ts';

/** Options of every figure. */
export interface FigureOptions {
  /** What the figure is called where it is not seen: its `<title>`. Each figure has a default. */
  readonly title?: string;
  /** What it shows, in sentences, for those who do not see it: its `<desc>`. Default: made from the data. */
  readonly description?: string;
  /** In pixels. Text has the same size at any width, so draw for the width at which it is shown. Default 760, at least 320. */
  readonly width?: number;
  /** For a page of which colours. Default `page`: those that the page sets, or else a light page's. */
  readonly scheme?: Scheme;
}

/** The options of a figure, filled in. */
export interface Frame {
  readonly title: string;
  readonly description: string | undefined;
  /** Of what is inside the margin. */
  readonly width: number;
  readonly look: Look;
  readonly background: boolean;
}

/** Checks the options of a figure, its own besides {@link FigureOptions} by name. */
export function frameOf(owner: string, title: string, options: FigureOptions, own: readonly string[]): Frame {
  checkKeys(owner, options, ['title', 'description', 'width', 'scheme', ...own]);
  const { width = 760, scheme = 'page' } = options;
  checkNumber(owner, 'width', width, { min: 320 });
  if (!['page', 'light', 'dark'].includes(scheme))
    throw new RangeError(`${owner}: scheme is ${JSON.stringify(scheme)}; give 'page', 'light' or 'dark'.`);
  return {
    title: options.title ?? title,
    description: options.description,
    width: width - 2 * MARGIN,
    look: lookOf(scheme),
    background: scheme !== 'page',
  };
}

// Around everything, in pixels.
const MARGIN = 6;

/** The figure: an SVG element that names nothing outside itself. */
export function svgOf(frame: Frame, height: number, description: string, children: readonly Markup[]): string {
  const { title, width, look, background } = frame;
  const size = { width: width + 2 * MARGIN, height: Math.ceil(height) + 2 * MARGIN };
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${size.width} ${size.height}`,
      ...size,
      role: 'img',
      'font-family': 'system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif',
      fill: look.ink,
    },
    element('title', {}, escaped(title)),
    element('desc', {}, escaped(frame.description ?? description)),
    ...(background ? [element('rect', { ...size, fill: look.paper })] : []),
    group({ transform: `translate(${MARGIN} ${MARGIN})` }, children),
  );
}
