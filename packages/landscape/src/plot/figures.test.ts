import { sam } from '@flatmin/sam';
import { describe, expect, it } from 'vitest';
import {
  contourFigure,
  type FigureOptions,
  lineFigure,
  recordUpdates,
  spectrumFigure,
  surfaceFigure,
  updateSchematic,
  valley,
} from './index.ts';
import { all, parsed, placeOf } from './testing/parsed.ts';
import { axisOf, sharp, surfaceOf, wide } from './testing/surfaces.ts';
import { widthOf } from './text.ts';

const axis = axisOf(21);
const bells = { axis, density: axis.map((a) => Math.exp(-9 * a * a)) };
const recorded = recordUpdates(valley, { variant: sam({ rho: 0.5 }), learningRate: 0.3, start: [0.2, 0.5], steps: 2 });

/** Every figure, with titles wherever it takes them. */
const figures: readonly [name: string, draw: (title: string, options?: FigureOptions) => string][] = [
  [
    'surfaceFigure',
    (title, options) =>
      surfaceFigure(
        [
          { title, surface: sharp },
          { title: 'SAM', surface: wide },
        ],
        options,
      ),
  ],
  [
    'contourFigure',
    (title, options) =>
      contourFigure(
        [
          { title, surface: sharp },
          { title: 'SAM', surface: wide },
        ],
        { ...options, scale: 'log', clip: 6 },
      ),
  ],
  [
    'lineFigure',
    (title, options) =>
      lineFigure(
        [
          { title, axis, losses: sharp.losses[10]! },
          { title: 'SAM', axis, losses: wide.losses[10]! },
        ],
        { direction: title, lossTitle: title, ...options },
      ),
  ],
  [
    'spectrumFigure',
    (title, options) =>
      spectrumFigure(
        [
          { title, density: bells, eigenvalues: [0.9, 0.1] },
          { title: 'SAM', density: bells },
        ],
        options,
      ),
  ],
  [
    'updateSchematic',
    (title, options) => updateSchematic(valley, { ...recorded, variant: title }, { descent: title, ...options }),
  ],
];

describe.each(figures)('%s', (name, draw) => {
  it.each([320, 360, 760, 1200])('is a whole picture at a width of %d', (width) => {
    const svg = draw('SGD', { width });
    const root = parsed(svg);
    expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
    expect([root.tagName, root.getAttribute('role'), root.getAttribute('width')]).toEqual([
      'svg',
      'img',
      String(width),
    ]);
    const height = Number(root.getAttribute('height'));
    expect(root.getAttribute('viewBox')).toBe(`0 0 ${width} ${height}`);
    expect([all(root, 'title').length, all(root, 'desc').length]).toEqual([1, 1]);
    expect(all(root, 'desc')[0]!.textContent).toContain('SGD');
    for (const text of all(root, 'text')) {
      // Turned text, and that in a turned group, has a place that says little about where it ends.
      if (text.getAttribute('transform') || placeOf(text)[0] === 0) continue;
      const [x, y] = placeOf(text);
      const anchor = text.getAttribute('text-anchor');
      const wide = widthOf(text.textContent!, Number(text.getAttribute('font-size'))) * 0.85;
      const start = anchor === 'end' ? x - wide : anchor === 'middle' ? x - wide / 2 : x;
      expect(start, text.textContent!).toBeGreaterThan(-12);
      expect(start + wide, text.textContent!).toBeLessThan(width);
      expect(y).toBeLessThan(height);
    }
  });

  it('has titles as text, whatever they are', () => {
    const hostile = `"><script>alert(1)</script></text></svg><img src=x onerror='y'>&amp; \u0007`;
    const svg = draw(hostile, { title: hostile, description: hostile });
    const root = parsed(svg);
    expect([all(root, 'script'), all(root, 'img')]).toEqual([[], []]);
    expect(all(root, 'title')[0]!.textContent).toBe(hostile.replace('\u0007', '\ufffd'));
    expect(svg).not.toContain('<script');
  });

  it('names nothing outside itself, and no name that a page might have', () => {
    const root = parsed(draw('SGD'));
    for (const element of all(root, '*'))
      for (const { name } of Array.from(element.attributes)) expect(name).not.toMatch(/^on|href|^id$/);
    expect(draw('SGD')).not.toMatch(/url\(|@import|<style|<image|<foreignObject/);
  });

  it('is the same each time', () => expect(draw('SGD')).toBe(draw('SGD')));

  it('takes the colours of its page, or has its own and a ground for them', () => {
    const [page, light, dark] = (['page', 'light', 'dark'] as const).map((scheme) => draw('SGD', { scheme }));
    expect(page).toContain('var(--ink,#1d1f21)');
    for (const own of [light, dark]) expect(own).not.toContain('var(');
    expect(light).toContain('<rect width="760" height=');
    expect(dark).toContain('fill="#15171a"');
    expect(dark).toContain('fill="#e7e7e3"');
  });

  it('refuses options that make no sense', () => {
    expect(() => draw('SGD', { width: 100 })).toThrow(
      new RangeError(`${name}: width is 100; give a finite number of at least 320.`),
    );
    expect(() => draw('SGD', { scheme: 'blue' as never })).toThrow(
      `${name}: scheme is "blue"; give 'page', 'light' or 'dark'.`,
    );
    expect(() => draw('SGD', { colour: 1 } as never)).toThrow(
      `${name}: there is no option colour; the options are title, description, width, scheme`,
    );
  });
});

it.each<[() => unknown, string]>([
  [() => surfaceFigure([]), 'surfaceFigure: there are no panels; give at least one.'],
  [
    () => surfaceFigure([{ title: 'a', surface: { ...wide, axis: [1, 0] } }]),
    'surfaceFigure: the axis of "a" does not ascend; give at least two numbers that do.',
  ],
  [
    () => surfaceFigure([{ title: 'a', surface: { ...wide, axis: [0, 1] } }]),
    'surfaceFigure: "a" has no loss for each two of its 2 points; give the rows of surface2d.',
  ],
  [
    () => surfaceFigure([{ title: 'a', surface: surfaceOf((a) => 1 / a) }]),
    'surfaceFigure: a loss is Infinity; give clip, and what is higher or not finite is cut away.',
  ],
  [
    () => surfaceFigure([{ title: 'a', surface: surfaceOf(() => Number.NaN) }], { clip: 1 }),
    'surfaceFigure: of 442 losses none is finite; measure nearer to the weights.',
  ],
  [
    () => surfaceFigure([{ title: 'a', surface: surfaceOf((a) => a) }], { scale: 'log' }),
    "surfaceFigure: a loss is -1, and a logarithm needs losses above 0; leave scale at 'linear'.",
  ],
  [
    () => contourFigure([{ title: 'a', surface: surfaceOf((a) => a * a) }], { scale: 'log' }),
    "contourFigure: a loss is 0, and a logarithm needs losses above 0; leave scale at 'linear'.",
  ],
  [
    () => lineFigure([{ title: 'a', axis, losses: axis.map((a) => a * a) }], { scale: 'log' }),
    "lineFigure: a loss is 0, and a logarithm needs losses above 0; leave scale at 'linear'.",
  ],
  [
    () => surfaceFigure([{ title: 'a', surface: wide }], { clip: 0.03 }),
    'surfaceFigure: clip is 0.03; give a finite number above 0.03.',
  ],
  [
    () => surfaceFigure([{ title: 'a', surface: wide }], { scale: 'sqrt' as never }),
    "surfaceFigure: scale is \"sqrt\"; give 'linear' or 'log'.",
  ],
  [
    () => surfaceFigure([{ title: 'a', surface: wide }], { elevation: 90 }),
    'surfaceFigure: elevation is 90; give a finite number of at least 5 and of at most 85.',
  ],
  [
    () => contourFigure([{ title: 'a', surface: wide }], { levels: 0 }),
    'contourFigure: levels is 0; give an integer of at least 1.',
  ],
  [() => lineFigure([]), 'lineFigure: there are no series; give at least one.'],
  [
    () => lineFigure([{ title: 'a', axis, losses: [1] }]),
    'lineFigure: "a" has 1 losses at 21 points; give one for each.',
  ],
  [
    () => spectrumFigure([{ title: 'a', density: { axis, density: axis } }]),
    'spectrumFigure: a density of "a" is -1; give a finite number of at least 0.',
  ],
  [
    () => spectrumFigure([{ title: 'a', density: { axis, density: [1] } }]),
    'spectrumFigure: the density of "a" has 1 numbers at 21 eigenvalues; give one for each.',
  ],
  [
    () => spectrumFigure([{ title: 'a', density: { axis, density: axis.map(() => 0) } }]),
    'spectrumFigure: the density of "a" is 0 everywhere; give that of spectralDensity.',
  ],
  [
    () => spectrumFigure([{ title: 'a', density: bells, eigenvalues: [Number.NaN] }]),
    'spectrumFigure: an eigenvalue of "a" is NaN; give a finite number.',
  ],
  [
    () => spectrumFigure([{ title: 'a', density: bells }], { scale: 'log' as never }),
    "spectrumFigure: scale is \"log\"; give 'linear' or 'symlog'.",
  ],
  [
    () => spectrumFigure([{ title: 'a', density: bells }], { scale: 'symlog', linearWithin: 0 }),
    'spectrumFigure: linearWithin is 0; give a finite number above 0.',
  ],
  [
    () => spectrumFigure([{ title: 'a', density: bells }], { floor: 2 }),
    'spectrumFigure: floor is 2; give a finite number above 0 and below 1.',
  ],
  [
    () => updateSchematic(valley, { ...recorded, updates: [] }),
    'updateSchematic: there are no updates; give at least one.',
  ],
  [
    () => updateSchematic(valley, { ...recorded, updates: [{ ...recorded.updates[0]!, to: [Infinity, 0] }] }),
    'updateSchematic: an update is not finite; record it with a lower learning rate.',
  ],
])('what makes no sense is refused in a sentence: %s', (draw, sentence) => {
  expect(draw).toThrow(new RangeError(sentence));
});

it.each([
  ['surfaceFigure', surfaceFigure],
  ['contourFigure', contourFigure],
] as const)('%s says of its directions what it is told, and nothing else', (_, draw) => {
  const panels = [{ title: 'a', surface: wide }];
  expect(parsed(draw(panels)).textContent).not.toMatch(/Directions in|filter/);
  expect(parsed(draw(panels, { unit: 'eigenvectors' })).textContent).toContain('Directions in eigenvectors.');
});

it.each([
  ['surfaceFigure', surfaceFigure],
  ['contourFigure', contourFigure],
] as const)('%s names a loss at the weights that is not finite', (_, draw) => {
  const surface = surfaceOf((a, b) => (a === 0 && b === 0 ? Number.NaN : 1 + a * a));
  expect(parsed(draw([{ title: 'a', surface }], { clip: 2 })).textContent).toMatch(/loss NaN(?!·)/);
});
