import { asam } from '@flatmin/asam';
import { plain, type Variant } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gsam } from '../../../gsam/src/gsam.ts';
import { bsam } from '../../../zoo/src/bsam.ts';
import { msam } from '../../../zoo/src/msam.ts';
import { random } from '../../../zoo/src/random.ts';
import { toPixels } from './axes.ts';
import type { Point } from './paths.ts';
import { recordUpdates } from './record-updates.ts';
import { all, classed, cornersOf, numbersOf, parsed } from './testing/parsed.ts';
import { quadratic, someQuadratic } from './testing/problems.ts';
import { plotAround, updateSchematic } from './update-schematic.ts';
import { type Problem2d, valley } from './valley.ts';

const options = { variant: sam({ rho: 0.5 }), learningRate: 0.3, start: [0.2, 0.5] as const };

describe('the picture of an update', () => {
  it('has arrows that end where the step and the climb ended, on any quadratic', () => {
    fc.assert(
      fc.property(someQuadratic, ({ matrix, start, rho, learningRate }) => {
        const recorded = recordUpdates(quadratic(matrix), { variant: sam({ rho }), learningRate, start });
        const root = parsed(updateSchematic(quadratic(matrix), recorded));
        const { from, climb, to, descent } = recorded.updates[0]!;
        const at = toPixels(plotAround([from, ...climb, to, descent], 748));
        const ends = { climb: climb[0]!, step: to, descent };
        for (const [name, end] of Object.entries(ends)) {
          const [tip] = cornersOf(classed(root, `flatmin-${name}-head`)[0]!);
          const [tail] = cornersOf(classed(root, `flatmin-${name}-shaft`)[0]!);
          for (const k of [0, 1]) {
            expect(tip![k]).toBeCloseTo(at(end)[k]!, 0);
            expect(tail![k]).toBeCloseTo(at(from)[k]!, 0);
          }
        }
        // The same step once more, from where its gradient was taken.
        const [copy] = cornersOf(classed(root, 'flatmin-copy-head')[0]!);
        const far: Point = [climb[0]![0] + to[0] - from[0], climb[0]![1] + to[1] - from[1]];
        for (const k of [0, 1]) expect(copy![k]).toBeCloseTo(at(far)[k]!, 0);
      }),
      { numRuns: 25 },
    );
  });

  it('has one unit for both axes, wide and narrow', () => {
    for (const width of [348, 748]) {
      const at = toPixels(
        plotAround(
          [
            [0, 0],
            [1, 3],
          ],
          width,
        ),
      );
      const [[x0, y0], [x1], [, y1]] = [at([0, 0]), at([1, 0]), at([0, 1])];
      expect(x1 - x0).toBeCloseTo(y0 - y1, 9);
    }
  });

  it('has the symbols of the paper, on no other label', () => {
    for (const width of [360, 760]) {
      const root = parsed(updateSchematic(valley, recordUpdates(valley, options), { width }));
      const symbols = ['wt', 'wadv', 'wt+1', 'ρ∇L(wt)/‖∇L(wt)‖', '−η∇L(wadv)', '−η∇L(wt) (SGD)'];
      const labels = all(root, 'text').filter(({ textContent }) => symbols.includes(textContent!));
      expect(labels.map(({ textContent }) => textContent)).toEqual(symbols);
      for (const label of labels) {
        const [x, y] = [numbersOf(label, 'x')[0]!, numbersOf(label, 'y')[0]!];
        expect([x > 40, x < width - 20, y > 10]).toEqual([true, true, true]);
        for (const other of labels)
          if (other !== label && Math.abs(numbersOf(other, 'y')[0]! - y) < 12)
            expect(Math.abs(numbersOf(other, 'x')[0]! - x)).toBeGreaterThan(25);
      }
    }
  });

  it.each<[string, Variant, string[], number?]>([
    ['sam', sam({ rho: 0.5 }), ['ρ∇L(wt)/‖∇L(wt)‖', '−η∇L(wadv)']],
    ['sam with two steps up', sam({ rho: 0.5, ascentSteps: 2 }), ['−η∇L(wadv)']],
    ['sam with its second-order term', sam({ rho: 0.5, secondOrder: true }), ['ρ∇L(wt)/‖∇L(wt)‖']],
    ['asam', asam({ rho: 0.5 }), ['−η∇L(wadv)']],
    ['gsam', gsam({ rho: 0.5 }), ['ρ∇L(wt)/‖∇L(wt)‖']],
    ['random', random({ rho: 0.5 }), ['−η∇L(wadv)']],
    ['msam, once it has a momentum', msam({ rho: 0.5 }), ['−η∇L(wadv)'], 1],
    ['bsam', bsam({ samples: 10, rho: 0.5 }), []],
  ])('has those formulas of the paper that are true of %s', (_, variant, formulas, step = 0) => {
    const recorded = recordUpdates(valley, { ...options, variant, steps: 1 + step });
    const later = { ...recorded, updates: recorded.updates.slice(step) };
    const words = (problem: Pick<Problem2d, 'loss'>): string[] =>
      all(parsed(updateSchematic(problem, later)), 'text').map(({ textContent }) => textContent!);
    const known = ['wt', 'wadv', 'wt+1', 'ρ∇L(wt)/‖∇L(wt)‖', '−η∇L(wadv)', '−η∇L(wt)', '−η∇L(wt) (SGD)'];
    const symbols = ['wt', 'wadv', 'wt+1', ...formulas, '−η∇L(wt) (SGD)'];
    expect(words(valley).filter((text) => known.includes(text))).toEqual(symbols);
    expect(words({ loss: valley.loss }).filter((text) => formulas.includes(text))).toEqual([]);
  });

  it('has points alone where nothing moves', () => {
    const still = recordUpdates(valley, { ...options, start: [0, 0] });
    const root = parsed(updateSchematic(valley, still));
    expect(all(root, 'path').map((path) => path.getAttribute('class')?.endsWith('-head'))).not.toContain(true);
    expect(all(root, 'circle')).toHaveLength(2);
  });

  it('has several steps, of any variant', () => {
    const several = recordUpdates(valley, { ...options, steps: 4 });
    const root = parsed(updateSchematic(valley, several));
    expect(classed(root, 'flatmin-step-head')).toHaveLength(4);
    expect(root.textContent).toContain('4 updates of sam');
    const alone = parsed(updateSchematic(valley, recordUpdates(valley, { ...options, variant: plain() })));
    expect(classed(alone, 'flatmin-climb-head')).toEqual([]);
    expect(alone.textContent).not.toContain('wadv');
    expect(alone.textContent).toContain('−η∇L(wt)');
  });
});
