import { checkNumber } from '@flatmin/core';
import type { Surface2d } from '../surface.ts';
import { type BoxAxes, backOf, frontOf, ROOM } from './box.ts';
import { type FigureOptions, frameOf, svgOf } from './figure.ts';
import type { Look } from './look.ts';
import { type LossAxis, type LossOptions, lossAxis, lossKeys } from './losses.ts';
import { facets, heightOf } from './mesh.ts';
import { notes } from './notes.ts';
import {
  checkPanels,
  type DirectionOptions,
  directionKeys,
  directionsOf,
  hasCentre,
  placed,
  rangeOf,
  type SurfacePanel,
} from './panels.ts';
import { closedPath, openPath } from './paths.ts';
import { aspectOf, fitted, type View, viewFrom } from './projection.ts';
import { ramp } from './ramp.ts';
import { linearScale, rounded, type Scale } from './scales.ts';
import { element, group, type Markup } from './svg.ts';

/** Options of {@link surfaceFigure}. */
export interface SurfaceFigureOptions extends FigureOptions, LossOptions, DirectionOptions {
  /** From where all boxes are seen, in degrees around them: from −90, direction 1 runs to the right. Default −52. */
  readonly azimuth?: number;
  /** From where they are seen, in degrees above their floor: from 5 to 85. Default 34. */
  readonly elevation?: number;
}

/**
 * Loss surfaces in three dimensions, side by side (below one another where it is narrow): on the same axes, with one
 * scale of the loss, from one viewpoint, so that what looks wider is wider.
 *
 * @returns an SVG element
 * @throws RangeError for options that make no sense, and for losses that are not finite without `clip`
 * @example
 * ```ts
 * const svg = surfaceFigure([{ title: 'SGD', surface: sharp }, { title: 'SAM', surface: wide }], { clip: 5 });
 * ```
 * @see Li, Xu, Taylor, Studer, Goldstein, "Visualizing the Loss Landscape of Neural Nets" (NeurIPS 2018)
 */
export function surfaceFigure(panels: readonly SurfacePanel[], options: SurfaceFigureOptions = {}): string {
  const owner = 'surfaceFigure';
  const frame = frameOf(owner, 'Loss surfaces', options, [...lossKeys, ...directionKeys, 'azimuth', 'elevation']);
  const { azimuth = -52, elevation = 34 } = options;
  checkNumber(owner, 'azimuth', azimuth);
  checkNumber(owner, 'elevation', elevation, { min: 5, max: 85 });
  checkPanels(owner, panels);
  const surfaces = panels.map(({ surface }) => surface);
  const up = lossAxis(
    owner,
    surfaces.flatMap((surface) => [...surface.losses.flat(), ...(hasCentre(surface) ? [surface.centre] : [])]),
    options,
  );
  const floor = linearScale(rangeOf(surfaces), 4);
  const directions = directionsOf(options);
  const axes: BoxAxes = { floor, up, names: directions.names, upTitle: up.title };

  const { width, look } = frame;
  const view = viewFrom({ azimuth, elevation });
  const { places, height, markup } = placed(
    panels.map(({ title, surface }) => ({ title, subtitle: `○ loss ${rounded(surface.centre)}` })),
    {
      width,
      look,
      least: 310,
      heightOf: (each) => aspectOf(view) * (each - ROOM.left - ROOM.right) + ROOM.top + ROOM.bottom,
    },
  );
  const boxes = places.map(({ left, top, width, height }, index) => {
    const inner = {
      left: left + ROOM.left,
      top: top + ROOM.top,
      width: width - ROOM.left - ROOM.right,
      height: height - ROOM.top - ROOM.bottom,
    };
    const seen = fitted(view, inner);
    const surface = surfaces[index]!;
    return group({}, [
      backOf(axes, seen, look),
      meshOf(surface, { floor, up, view: seen }),
      frontOf(axes, seen, look),
      ...centreOf(surface, { floor, up, view: seen }, look),
    ]);
  });
  const centres = panels.map(({ title, surface }) => `${rounded(surface.centre)} (${title})`);
  const below = notes(
    [
      up.cut === undefined ? undefined : `Cut at a loss of ${rounded(up.cut)}.`,
      directions.sentence,
      '○ The weights themselves.',
    ],
    { top: height + 10, width, look },
  );
  const description = `The loss over a plane through the weights as a surface, with one scale of the loss for all. At the weights it is ${centres.join(', ')}.`;
  return svgOf(frame, height + 10 + below.height, description, [...markup, ...boxes, ...below.markup]);
}

interface Space {
  readonly floor: Scale;
  readonly up: LossAxis;
  readonly view: View;
}

function meshOf({ axis, losses }: Surface2d, { floor, up, view }: Space): Markup {
  const heights = losses.map((row) => row.map((loss) => (Number.isFinite(loss) ? up.part(loss) : Infinity)));
  const drawn = facets(
    axis.map((a) => floor.part(a)),
    heights,
    view,
  ).map((facet) =>
    element('path', { d: closedPath(facet.map((point) => view.at(point))), fill: ramp(heightOf(facet)) }),
  );
  // Lines of the mesh are seen on all colours but the lightest; they close the gaps between facets, too.
  return group(
    { class: 'flatmin-mesh', stroke: '#fff', 'stroke-opacity': 0.4, 'stroke-width': 0.5, 'stroke-linejoin': 'round' },
    drawn,
  );
}

// The point at the weights shines through what is before it, and a line leads up from it.
function centreOf(surface: Surface2d, { floor, up, view }: Space, look: Look): Markup[] {
  const part = up.part(surface.centre);
  if (!hasCentre(surface) || !(part <= 1)) return [];
  const at = (height: number) => view.at([floor.part(0), floor.part(0), height]);
  const [[cx, cy], d] = [at(part), openPath([at(part), at(1)])];
  return [
    element('path', { d, fill: 'none', stroke: look.paper, 'stroke-width': 3, 'stroke-opacity': 0.7 }),
    element('path', { d, fill: 'none', stroke: look.ink, 'stroke-width': 1.2, 'stroke-dasharray': '3 2' }),
    element('circle', { cx, cy, r: 4.5, fill: look.paper, stroke: look.ink, 'stroke-width': 1.8 }),
  ];
}
