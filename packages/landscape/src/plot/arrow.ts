import { closedPath, openPath, type Point } from './paths.ts';
import { type Attribute, element, type Markup, type Paint } from './svg.ts';

/** How an arrow looks; `name` is its class. */
export interface ArrowStyle {
  readonly name: string;
  readonly color: Paint;
  readonly width: number;
  readonly dash?: string;
}

/** An arrow between two places in pixels: the tip of its head is where it ends. */
export function arrow(from: Point, to: Point, { name, color, width, dash }: ArrowStyle): Markup[] {
  const [dx, dy] = [to[0] - from[0], to[1] - from[1]];
  const length = Math.hypot(dx, dy);
  if (length < 0.01) return [];
  const [x, y] = [dx / length, dy / length];
  // The head of a short arrow is short as well, and the shaft ends within the head, not at its tip.
  const head = Math.min(5 + 2.5 * width, length);
  const off = (back: number, aside: number): Point => [to[0] - back * x - aside * y, to[1] - back * y + aside * x];
  const line: Readonly<Record<string, Attribute>> = {
    fill: 'none',
    stroke: color,
    'stroke-width': width,
    'stroke-dasharray': dash,
  };
  return [
    element('path', { class: `${name}-shaft`, d: openPath([from, off(0.8 * head, 0)]), ...line }),
    element('path', {
      class: `${name}-head`,
      d: closedPath([to, off(head, 0.42 * head), off(0.75 * head, 0), off(head, -0.42 * head)]),
      fill: color,
    }),
  ];
}
