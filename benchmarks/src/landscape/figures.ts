import { type HessianSpectrum, type Surface2d, spectralDensity } from '@flatmin/landscape';
import {
  contourFigure,
  type FigureOptions,
  lineFigure,
  recordUpdates,
  spectrumFigure,
  surfaceFigure,
  updateSchematic,
  valley,
} from '@flatmin/landscape/plot';
import { sam } from '@flatmin/sam';
import { extent, max, median, min } from 'd3-array';
import { tasksOf } from '../report/baseline.ts';
import { seriesLabels } from '../report/columns.ts';
import { list } from '../report/format.ts';
import type { Measured, MeasureName } from './measures.ts';
import type { LandscapeResults, RunMeasures } from './results.ts';

/** A figure of measures. */
export interface LandscapeFigure {
  /** Of its file, without an ending. */
  readonly name: string;
  readonly heading: string;
  readonly caption: string;
  draw(options: Pick<FigureOptions, 'width' | 'scheme'>): string;
}

/** A run that has a measure, by what it is called in a figure. */
interface Panel<Name extends MeasureName> {
  readonly title: string;
  readonly value: Measured[Name];
  /** All measures of the same run. */
  readonly measured: RunMeasures['measured'];
}

/** So many lines can be told apart in one figure. */
const MOST = 6;

/** All figures that there are measures for: of each task those of its own, in them of each optimizer the first run. */
export function landscapeFigures({ runs }: LandscapeResults): LandscapeFigure[] {
  const figures = tasksOf(runs, ({ run }) => run).flatMap(({ label, members }) => {
    const all = [...surfaceFigures(members), ...lineFigures(members), ...spectrumFigures(members)];
    return all.map((figure) => ofTask(label, figure));
  });
  return [...figures, schematic];
}

/** Losses of different networks or data are no heights of one scale, so that each task has its figures. */
function ofTask(label: string, figure: LandscapeFigure): LandscapeFigure {
  if (label === '') return figure;
  const suffix = label.replaceAll(/[^\w]+/g, '-');
  return { ...figure, name: `${figure.name}-${suffix}`, heading: `${figure.heading}: ${label}` };
}

function surfaceFigures(runs: readonly RunMeasures[]): LandscapeFigure[] {
  const panels = panelsOf(runs, 'surface').map(({ title, value }) => ({ title, surface: value }));
  if (panels.length === 0) return [];
  const heights = heightsOf(panels.flatMap(({ surface }) => [surface.centre, ...surface.losses.flat()]));
  if (heights === undefined) return [];
  const edge = Math.min(...panels.map(({ surface }) => lossAtTheEdge(surface) ?? Infinity));
  const centres = panels.map(({ surface }) => surface.centre).filter(Number.isFinite);
  // A dead network's loss is the same everywhere, and another's minimum may be above the edge of a flat one.
  const clip = edge < Infinity && edge > Math.max(heights.lowest, ...centres) ? edge : heights.clip;
  const unit = 'filter-normalised lengths: 1 is as long as the weights, filter by filter';
  const plane =
    'The loss on training images around the weights that each optimizer found, in the plane of two random directions, filter-normalised (Li et al., 2018), the same draw for all.';
  const seeds = firstSeeds(runs, 'surface');
  return [
    {
      name: 'surfaces',
      heading: 'The loss around the minimum',
      caption: `${plane} One scale for all.${seeds}`,
      draw: (options) => surfaceFigure(panels, { ...options, unit, ...(clip !== undefined && { clip }) }),
    },
    {
      name: 'contours',
      heading: 'The same from above',
      caption: `${plane} The same levels for all.${seeds}`,
      draw: (options) => contourFigure(panels, { ...options, unit, ...heights.axis }),
    },
  ];
}

/** The median loss along the edge: what is higher, mostly in the corners, would press the minimum flat in a figure. */
function lossAtTheEdge({ losses }: Surface2d): number | undefined {
  const edge = [losses[0]!, losses.at(-1)!, losses.map((row) => row[0]!), losses.map((row) => row.at(-1)!)];
  return median(edge.flat().filter(Number.isFinite));
}

/** How losses are drawn on an axis of their own, whatever they are; undefined where none is finite. */
function heightsOf(losses: readonly number[]) {
  const finite = losses.filter(Number.isFinite);
  const [lowest, highest] = extent(finite);
  if (lowest === undefined || highest === undefined) return undefined;
  // What is not finite is cut away, for which there has to be a height.
  const clip = finite.length === losses.length ? undefined : highest > lowest ? highest : lowest + 1;
  const axis = { scale: lowest > 0 ? 'log' : 'linear', ...(clip !== undefined && { clip }) } as const;
  return { lowest, clip, axis };
}

function lineFigures(runs: readonly RunMeasures[]): LandscapeFigure[] {
  const { shown, more } = fewOf(panelsOf(runs, 'line'));
  const series = shown.map(({ title, value }) => ({ title, ...value }));
  const heights = heightsOf(series.flatMap(({ losses }) => losses));
  if (heights === undefined) return [];
  return [
    {
      name: 'line',
      heading: 'The loss along a line',
      caption: `The loss on training images along the first of these directions.${more}${firstSeeds(runs, 'line')}`,
      draw: (options) => lineFigure(series, { ...options, ...heights.axis }),
    },
  ];
}

function spectrumFigures(runs: readonly RunMeasures[]): LandscapeFigure[] {
  const { shown, more } = fewOf(panelsOf(runs, 'spectrum'));
  if (shown.length === 0) return [];
  const width = bellFor(shown.map(({ value }) => value));
  const series = shown.map(({ title, value, measured }) => ({
    title,
    density: spectralDensity(value, { width }),
    eigenvalues: (measured.eigenvalues?.value.eigenvalues ?? []).map((one) => one.value),
  }));
  return [
    {
      name: 'spectrum',
      heading: 'The spectrum of the Hessian',
      caption: `The density of its eigenvalues by stochastic Lanczos quadrature, and the largest five, on training images. To the right is sharp. Each Ritz value is a bell of σ = ${width.toPrecision(2)}.${more}${firstSeeds(runs, 'spectrum')}`,
      draw: (options) => spectrumFigure(series, options),
    },
  ];
}

/**
 * One width for all, or that of wide spectra would be wider: between a hundredth of the narrowest and of the widest. That
 * of a dead network is next to nothing, for which there are not points enough.
 */
function bellFor(spectra: readonly HessianSpectrum[]): number {
  const ranges = spectra.map(({ probes }) => {
    const [smallest, largest] = extent(probes.flatMap(({ values }) => values)) as [number, number];
    return largest - smallest || Math.abs(largest) || 1;
  });
  const [narrowest, widest] = [min(ranges)!, max(ranges)!];
  return Math.max(Math.sqrt(narrowest * widest) / 100, widest / 2000);
}

/** As many as can be told apart, and a sentence on the others. */
function fewOf<P extends { readonly title: string }>(panels: readonly P[]): { shown: P[]; more: string } {
  const others = panels.slice(MOST).map(({ title }) => title);
  return { shown: panels.slice(0, MOST), more: others.length === 0 ? '' : ` Not shown: ${list(others)}.` };
}

/** Tells the seeds where there are several to choose from. */
function firstSeeds(runs: readonly RunMeasures[], name: MeasureName): string {
  const has = runs.filter(({ measured }) => measured[name] !== undefined).map(({ run }) => run);
  return new Set(seriesLabels(has)).size === has.length ? '' : ' Of several seeds the first.';
}

const schematic: LandscapeFigure = {
  name: 'update',
  heading: 'One update',
  caption:
    'Computed, not sketched: SAM on a loss of two weights. It climbs from w_t to w_adv = w_t + ρ∇L/‖∇L‖, and takes the gradient there back to w_t, where it is applied.',
  draw(options) {
    const made = recordUpdates(valley, { variant: sam({ rho: 0.4 }), learningRate: 0.2, start: [-1.6, 0.2] });
    return updateSchematic(valley, made, options);
  },
};

/** Of each series the first run that has the measure. */
function panelsOf<Name extends MeasureName>(runs: readonly RunMeasures[], name: Name): Panel<Name>[] {
  const labels = seriesLabels(runs.map(({ run }) => run));
  const panels = new Map<string, Panel<Name>>();
  for (const [position, { measured }] of runs.entries()) {
    const [title, taken] = [labels[position]!, measured[name]];
    if (taken !== undefined && !panels.has(title)) panels.set(title, { title, value: taken.value, measured });
  }
  return [...panels.values()];
}
