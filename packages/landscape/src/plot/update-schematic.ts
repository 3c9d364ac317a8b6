import { checkNumber } from '@flatmin/core';
import { extent, pairs } from 'd3-array';
import { type ArrowStyle, arrow } from './arrow.ts';
import { axesOf, BELOW, besides, type Plot, toPixels } from './axes.ts';
import { areaOf } from './bands.ts';
import { contoursOf } from './contours.ts';
import { type FigureOptions, frameOf, svgOf } from './figure.ts';
import type { Look } from './look.ts';
import { notes } from './notes.ts';
import { openPath, type Point } from './paths.ts';
import type { RecordedUpdate, RecordedUpdates } from './record-updates.ts';
import { linearScale, rounded } from './scales.ts';
import { element, group, type Markup } from './svg.ts';
import { labelsOf } from './update-labels.ts';
import type { Problem2d } from './valley.ts';

/** Options of {@link updateSchematic}. */
export interface UpdateSchematicOptions extends FigureOptions {
  /** About how many contours are drawn. Default 12. */
  readonly levels?: number;
  /** What the arrow of gradient descent alone is called. Default `SGD`. */
  readonly descent?: string;
}

/**
 * Updates as they were computed, over the contours of the loss: from w_t to where gradients were taken, the last at w_adv,
 * and the step to w_{t+1}; beside it the step of gradient descent alone. All arrows are to scale. SAM's formulas stand
 * beside the arrows that they are true of, as the problem's gradient tells, and beside no others; ρ in them is the length of
 * the climb, which the sentence below the figure tells.
 *
 * @param problem its loss makes the contours; without its gradient no formula is checked, and none is written
 * @param recorded by {@link recordUpdates}; the first update is labelled
 * @returns an SVG element
 * @throws RangeError for options that make no sense, and for updates that are not finite
 * @example
 * ```ts
 * const made = recordUpdates(valley, { variant: sam({ rho: 0.4 }), learningRate: 0.2, start: [-1.6, 0.2] });
 * const svg = updateSchematic(valley, made);
 * ```
 * @see Foret, Kleiner, Mobahi, Neyshabur, "Sharpness-Aware Minimization for Efficiently Improving Generalization"
 * (ICLR 2021), figure 2
 */
export function updateSchematic(
  problem: Pick<Problem2d, 'loss'> & Partial<Problem2d>,
  recorded: RecordedUpdates,
  options: UpdateSchematicOptions = {},
): string {
  const owner = 'updateSchematic';
  const frame = frameOf(owner, 'One update', options, ['levels', 'descent']);
  const { levels = 12, descent = 'SGD' } = options;
  checkNumber(owner, 'levels', levels, { min: 1, integer: true });
  checkUpdates(owner, recorded.updates);
  const { width, look } = frame;
  const plot = plotAround(recorded.updates.flatMap(pointsOf), width);
  const at = toPixels(plot);
  const bottom = plot.top + plot.height + BELOW;
  const below = notes([sentence(recorded)], { top: bottom + 6, width, look });
  const description = `${sentence(recorded)} From each point arrows lead to where gradients are taken, one along the step that is made, and a dotted one along that of ${descent}.`;
  return svgOf(frame, bottom + 6 + below.height, description, [
    ...ground(problem, plot, levels, look),
    ...axesOf(plot, ['w₁', 'w₂'], look, true),
    ...recorded.updates.flatMap((update) => drawn(update, at, look)),
    ...labelsOf(recorded, at, { plot, look, descent, gradient: problem.gradient?.bind(problem) }),
    ...below.markup,
  ]);
}

function checkUpdates(owner: string, updates: readonly RecordedUpdate[]): void {
  if (updates.length === 0) throw new RangeError(`${owner}: there are no updates; give at least one.`);
  if (!updates.flatMap(pointsOf).flat().every(Number.isFinite))
    throw new RangeError(`${owner}: an update is not finite; record it with a lower learning rate.`);
}

const pointsOf = ({ from, climb, to, descent }: RecordedUpdate): Point[] => [from, ...climb, to, descent];

function sentence({ variant, learningRate, updates }: RecordedUpdates): string {
  const { from, climb } = updates[0]!;
  const far = climb.at(-1);
  const what = updates.length === 1 ? 'An update' : `${updates.length} updates`;
  const made = `${what} of ${variant}, to scale: η = ${rounded(learningRate)}`;
  if (far === undefined) return `${made}.`;
  const away = rounded(Math.hypot(far[0] - from[0], far[1] - from[1]));
  return `${made}, and the last gradient is taken ${away} away. Thin: the same step from there.`;
}

/** The points in the middle, with as much around them, and one unit for both axes. */
export function plotAround(points: readonly Point[], width: number): Plot {
  const [xs, ys] = [extent(points, ([x]) => x), extent(points, ([, y]) => y)] as [[number, number], [number, number]];
  const aspect = width < 500 ? 0.95 : 0.62;
  const [wide, high] = [xs[1] - xs[0], ys[1] - ys[0]].map((length) => length * 1.5) as [number, number];
  const half = (Math.max(wide, high / aspect) || 1) / 2;
  const middle = [(xs[0] + xs[1]) / 2, (ys[0] + ys[1]) / 2] as const;
  const x = linearScale([middle[0] - half, middle[0] + half], width < 500 ? 4 : 6);
  const y = linearScale([middle[1] - half * aspect, middle[1] + half * aspect], 4);
  const left = besides(y);
  const inner = width - left - 8;
  return { left, top: 6, width: inner, height: inner * aspect, x, y };
}

const POINTS = 81;

// Each level darkens what is above it a little, on a light page as on a dark one.
function ground(problem: Pick<Problem2d, 'loss'>, plot: Plot, count: number, look: Look): Markup[] {
  const axis = ([from, to]: readonly [number, number]): number[] =>
    Array.from({ length: POINTS }, (_, i) => from + ((to - from) * i) / (POINTS - 1));
  const [xs, ys] = [axis(plot.x.domain), axis(plot.y.domain)];
  const losses = xs.map((x) => ys.map((y) => problem.loss([x, y])));
  const [lowest, highest] = extent(losses.flat()) as [number, number];
  // Closer together where it is low, as the contours of a bowl at even distances are.
  const levels = Array.from({ length: count }, (_, k) => lowest + (highest - lowest) * ((k + 0.5) / count) ** 2);
  const at = toPixels(plot);
  const contours = contoursOf({ xs, ys, losses }, levels, (loss) => loss);
  return [
    group(
      { class: 'flatmin-loss', fill: look.ink, 'fill-opacity': 0.02, 'fill-rule': 'evenodd' },
      contours.map((contour) => element('path', { d: areaOf(contour, at) })),
    ),
    element('path', {
      d: contours.flatMap(({ lines }) => lines.map((line) => openPath(line.map(at)))).join(''),
      fill: 'none',
      stroke: look.muted,
      'stroke-opacity': 0.55,
      'stroke-width': 0.8,
    }),
  ];
}

const styles = ({ series, muted }: Look): Readonly<Record<'climb' | 'step' | 'copy' | 'descent', ArrowStyle>> => ({
  climb: { name: 'flatmin-climb', color: series[1]!, width: 2.2, dash: '7 3' },
  step: { name: 'flatmin-step', color: series[0]!, width: 2.6 },
  copy: { name: 'flatmin-copy', color: series[0]!, width: 1, dash: '3 3' },
  descent: { name: 'flatmin-descent', color: muted, width: 2, dash: '1.5 3' },
});

function drawn({ from, climb, to, descent }: RecordedUpdate, at: (point: Point) => Point, look: Look): Markup[] {
  const style = styles(look);
  const far = climb.at(-1);
  const dot = (point: Point, open: boolean): Markup => {
    const [cx, cy] = at(point);
    const colors = open ? { fill: look.paper, stroke: look.ink } : { fill: look.ink, stroke: look.paper };
    return element('circle', { cx, cy, r: 4, 'stroke-width': open ? 1.6 : 1, ...colors });
  };
  return [
    ...(far === undefined ? [] : arrow(at(far), at([far[0] + to[0] - from[0], far[1] + to[1] - from[1]]), style.copy)),
    ...arrow(at(from), at(descent), style.descent),
    ...pairs([from, ...climb]).flatMap(([one, next]) => arrow(at(one), at(next), style.climb)),
    ...arrow(at(from), at(to), style.step),
    dot(from, false),
    ...climb.map((point) => dot(point, true)),
  ];
}
