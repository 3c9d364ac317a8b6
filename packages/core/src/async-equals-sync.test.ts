import { describe, expect, it } from 'vitest';
import { adam } from './adam.ts';
import { withDiagnostics } from './diagnostics.ts';
import { every } from './every.ts';
import { plain } from './plain.ts';
import { sharded } from './sharded.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { type Kind, kinds } from './testing/kinds.ts';
import { network } from './testing/problems.ts';
import { train, trainAsync } from './testing/train.ts';
import { climb, msam, parallel, restless, smoothed, wsam } from './testing/variants.ts';
import type { Variant } from './variant.ts';

const variants: Variant[] = [
  plain(),
  climb(0.05),
  msam(0.05),
  wsam(0.05),
  smoothed(0.05),
  restless(0.05),
  parallel(0.05),
  sharded(climb(0.05), 4),
  sharded(restless(0.05), 3),
  every(2, sharded(smoothed(0.05), 2)),
  withDiagnostics(sharded(restless(0.05), 2)),
];

describe.each(kinds)('over $name', (kind: Kind) => {
  it.each(variants)('$name trains to the same weights, bit for bit, whenever its answers come', async (variant) => {
    const make = () =>
      sharpnessAware(adam({ learningRate: 0.05 }), variant, kind.algebra, { offers: ['shards', 'previousBatch'] });
    const problem = network(kind);
    expect(await trainAsync(make(), problem, 8)).toEqual(train(make(), problem, 8));
  });
});

describe('losses and diagnostics', () => {
  it('are the same too', async () => {
    const [, kind] = kinds;
    const { start, evaluate } = network(kind!);
    const make = () =>
      sharpnessAware(adam({ learningRate: 0.05 }), withDiagnostics(sharded(climb(0.1), 4)), kind!.algebra, {
        offers: ['shards'],
      });
    let asked = 0;
    const late = await make().stepAsync(start, async (weights, about) => {
      for (let wait = 20 - 2 * asked++; wait > 0; wait--) await undefined;
      return evaluate(weights, about);
    });
    expect(late).toEqual(make().step(start, evaluate));
  });
});
