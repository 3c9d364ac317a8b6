import { describe, expect, it } from 'vitest';
import type { LeafSelector } from './roles.ts';
import { linear, type Schedule } from './schedule.ts';
import { settings } from './settings.ts';

interface ToyOptions {
  readonly count: number;
  readonly rho?: Schedule;
  readonly share?: number;
  readonly p?: number;
  readonly leaves?: LeafSelector;
  readonly depth?: number;
  readonly loud?: boolean;
  readonly mode?: 'fast' | 'slow';
}

const toy = (options: object): Required<ToyOptions> =>
  settings<ToyOptions>('toy', options as ToyOptions, {
    count: { min: 1, integer: true },
    rho: { default: 0.1, is: 'schedule' },
    share: { default: 0.5, above: 0, below: 1 },
    p: { default: 2, above: 1, orInfinity: true },
    leaves: { default: ['weight'], is: 'selector' },
    depth: { default: 2, min: 1, max: 3 },
    loud: { default: false, is: 'flag' },
    mode: { default: 'fast', is: ['fast', 'slow'] },
  });

describe('settings', () => {
  it('fill in defaults, in the order in which they are declared, also for what is given as undefined', () => {
    const defaults = { count: 3, rho: 0.1, share: 0.5, p: 2, leaves: ['weight'], depth: 2, loud: false, mode: 'fast' };
    expect(toy({ count: 3 })).toEqual(defaults);
    expect(toy({ mode: undefined, loud: undefined, count: 3 })).toEqual(defaults);
    expect(Object.keys(toy({ mode: 'slow', count: 3 }))).toEqual(Object.keys(defaults));
  });

  it('keep what is given, also where it is false or zero', () => {
    const rho = linear({ from: 0, to: 1, steps: 5 });
    const given = {
      count: 1,
      rho,
      share: 0.99,
      p: Number.POSITIVE_INFINITY,
      leaves: /bias/,
      depth: 3,
      loud: true,
      mode: 'slow',
    };
    expect(toy(given)).toEqual(given);
    expect(toy({ count: 1, rho: 0, loud: false })).toMatchObject({ rho: 0, loud: false });
  });

  it.each<[object, string]>([
    [{}, 'toy: count is undefined; give an integer of at least 1.'],
    [{ count: 0 }, 'toy: count is 0; give an integer of at least 1.'],
    [{ count: 1.5 }, 'toy: count is 1.5; give an integer of at least 1.'],
    [{ count: Number.POSITIVE_INFINITY }, 'toy: count is Infinity; give an integer of at least 1.'],
    [{ count: 1, rho: -1 }, 'toy: rho is -1; give a finite number of at least 0 or a schedule.'],
    [{ count: 1, rho: linear({ from: 0, to: 1, steps: 0 }) }, 'toy: rho.steps is 0; give an integer of at least 1.'],
    [{ count: 1, share: 0 }, 'toy: share is 0; give a finite number above 0 and below 1.'],
    [{ count: 1, share: 1 }, 'toy: share is 1; give a finite number above 0 and below 1.'],
    [
      { count: 1, share: Number.POSITIVE_INFINITY },
      'toy: share is Infinity; give a finite number above 0 and below 1.',
    ],
    [{ count: 1, p: 1 }, 'toy: p is 1; give a finite number above 1 or Infinity.'],
    [{ count: 1, p: Number.NEGATIVE_INFINITY }, 'toy: p is -Infinity; give a finite number above 1 or Infinity.'],
    [
      { count: 1, leaves: ['wieght'] },
      'toy: leaves is ["wieght"]; give a pattern of paths, a list of the roles weight, bias, gamma, beta, or a function.',
    ],
    [{ count: 1, depth: 4 }, 'toy: depth is 4; give a finite number of at least 1 and of at most 3.'],
    [{ count: 1, loud: 'yes' }, 'toy: loud is "yes"; give true or false.'],
    [{ count: 1, loud: 0 }, 'toy: loud is 0; give true or false.'],
    [{ count: 1, mode: 'medium' }, "toy: mode is \"medium\"; give 'fast' or 'slow'."],
    [{ count: 1, mode: null }, "toy: mode is null; give 'fast' or 'slow'."],
    [
      { count: 1, shrae: 0.5 },
      'toy: there is no option shrae; the options are count, rho, share, p, leaves, depth, loud, mode.',
    ],
  ])('refuse %o in a sentence', (options, sentence) => {
    expect(() => toy(options)).toThrow(new RangeError(sentence));
  });
});
