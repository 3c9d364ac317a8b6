import {
  accumulate,
  clip,
  every,
  linear,
  proportional,
  rhoByPath,
  sharded,
  type Variant,
  withDiagnostics,
} from '@flatmin/core';
import { sam } from '@flatmin/sam';
import { describe, expect, it } from 'vitest';
import { variants } from '../variants.ts';
import { type Features, type Host, hosts, type Standing, type Training } from './hosts.ts';
import { type Table, tableUnder } from './tables.ts';

const STEPS = 4;

/** What a row stands for: something done to the variant, or a feature of the loop. */
interface Row {
  readonly wraps?: (variant: Variant) => Variant;
  readonly features?: Features;
  /** It changes nothing but what is reported. */
  readonly neutral?: true;
}

const combinators: Readonly<Record<string, Row>> = {
  '`accumulate`': { wraps: (variant) => accumulate(2, variant) },
  '`clip`': { wraps: (variant) => clip(variant, { gradients: { value: 0.05 }, direction: { globalNorm: 0.1 } }) },
  '`every`': { wraps: (variant) => every(2, variant) },
  '`rhoByPath`': { wraps: (variant) => rhoByPath(variant, [[/kernel/, 3]]) },
  '`sharded`': { wraps: (variant) => sharded(variant, 2) },
  '`withDiagnostics`': { wraps: withDiagnostics, neutral: true },
};

const { '`clip`': _, ...others } = combinators;
const features: Readonly<Record<string, Row>> = {
  ...others,
  '`clip`, gradients': { wraps: (variant) => clip(variant, { gradients: { norm: 0.1 } }) },
  '`clip`, direction': { wraps: (variant) => clip(variant, { direction: { globalNorm: 0.1 } }) },
  '`perturb`': { features: { perturb: ['weight'] } },
  "`nonFinite: 'skip'`": { features: { nonFinite: 'skip' }, neutral: true },
  'schedule of ρ': { wraps: () => sam({ rho: linear({ from: 0, to: 1, steps: 5 }) }) },
  'ρ proportional to the learning rate': {
    wraps: () => sam({ rho: proportional(2) }),
    features: { learningRate: linear({ from: 0.05, to: 0, steps: 9 }) },
  },
  'schedule of the learning rate': { features: { learningRate: linear({ from: 0.05, to: 0, steps: 9 }) } },
  'weight decay with exclusions': { features: { decay: { rate: 0.1, exclude: ['bias', 'gamma', 'beta'] } } },
  '`microBatchSize`': { features: { microBatchSize: 3 } },
};

const identity = (variant: Variant): Variant => variant;

async function trained(host: Host, variant: Variant, given: Features = {}, from?: Standing): Promise<Standing> {
  return after(STEPS, await host(variant, given, from), from?.step);
}

async function after(steps: number, training: Training, first = 0): Promise<Standing> {
  try {
    for (let step = first; step < steps; step++) await training.step();
    return await training.standing();
  } finally {
    await training.end?.();
  }
}

// What most cells are compared with, once for each loop.
const bare = new Map<Host, Promise<Standing>>();
function bareSam(host: Host): Promise<Standing> {
  const known = bare.get(host) ?? trained(host, sam({ rho: 0.5 }));
  bare.set(host, known);
  return known;
}

async function stopped(host: Host, variant: Variant, given: Features = {}): Promise<Standing> {
  return after(STEPS / 2, await host(variant, given));
}

/** It trains, and a training that was stopped goes on as if it had not been. */
async function works(host: Host, variant: Variant, given?: Features): Promise<Standing['weights']> {
  const { weights } = await trained(host, variant, given);
  expect(weights.flat().every(Number.isFinite)).toBe(true);
  const resumed = await trained(host, variant, given, await stopped(host, variant, given));
  expect(resumed.weights).toEqual(weights);
  return weights;
}

/** It is refused by a sentence with its remedy, when it is made or at a step. */
async function refused(host: Host, make: () => Variant, given?: Features): Promise<void> {
  const attempt = async () => trained(host, make(), given);
  await expect(attempt()).rejects.toThrow(/^.+; .+\.$/s);
}

function cells(
  table: Table,
  columns: readonly string[],
  check: (row: string, column: string, mark: string) => Promise<void>,
): void {
  for (const row of table.rows) {
    describe(row, () => {
      it.each(columns)('%s', async (column) => check(row, column, table.cell(row, column)));
    });
  }
}

/** Walks the table of features over some of its columns. */
export function walkFeatures(columns: readonly string[]): void {
  const table = tableUnder('Features and loops');

  it('the table has every feature and every loop', () => {
    expect(table.rows.toSorted()).toEqual(Object.keys(features).toSorted());
    expect(table.columns).toEqual(Object.keys(hosts));
  });

  cells(table, columns, async (row, column, mark) => {
    const { wraps = identity, features: given, neutral } = features[row]!;
    const host = hosts[column]!;
    const make = () => wraps(sam({ rho: 0.5 }));
    if (mark === '—') return refused(host, make, given);
    expect(mark).toBe('✓');
    const weights = await works(host, make(), given);
    const { weights: without } = await bareSam(host);
    if (neutral) expect(weights).toEqual(without);
    else expect(weights).not.toEqual(without);
  });
}

/** Walks the table of combinators in one another. */
export function walkCombinators(): void {
  const table = tableUnder('Combinators in one another');
  const host = hosts['`sharpnessAware` of core']!;

  it('the table has every combinator, both ways', () => {
    expect(table.rows).toEqual(Object.keys(combinators));
    expect(table.columns).toEqual(Object.keys(combinators));
  });

  cells(table, table.columns, async (outer, inner, mark) => {
    const [outside, inside] = [combinators[outer]!, combinators[inner]!];
    const within = () => inside.wraps!(sam({ rho: 0.5 }));
    const make = () => outside.wraps!(within());
    if (mark === '—') return refused(host, make);
    expect(mark).toBe('✓');
    const weights = await works(host, make());
    const { weights: without } = await trained(host, within());
    if (outside.neutral) expect(weights).toEqual(without);
    // Every second step of what is done at every second step, and clipping what is clipped, are idempotent.
    else if (outer !== inner || outer === '`rhoByPath`') expect(weights).not.toEqual(without);
  });
}

/** Walks the table of variants over some of its columns. */
export function walkVariants(columns: readonly string[]): void {
  const table = tableUnder('Variants and loops');

  it('the table has every variant and every loop', () => {
    expect(table.rows).toEqual(
      Object.keys(variants)
        .toSorted()
        .map((name) => `\`${name}\``),
    );
    expect(table.columns).toEqual(Object.keys(hosts));
  });

  cells(table, columns, async (row, column, mark) => {
    const host = hosts[column]!;
    const make = () => variants[row.slice(1, -1)]!.make({});
    if (mark === '—') return refused(host, make);
    expect(mark).toBe('✓');
    await works(host, make());
  });
}
