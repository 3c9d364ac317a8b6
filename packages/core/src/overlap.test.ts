import { describe, expect, it } from 'vitest';
import { adam } from './adam.ts';
import { Session } from './session.ts';
import { type Optimizer, sharpnessAware } from './sharpness-aware.ts';
import { type Floats, f64 } from './testing/kinds.ts';
import { network } from './testing/problems.ts';
import { ticks } from './testing/train.ts';
import { smoothed } from './testing/variants.ts';

const { start, evaluate } = network(f64);
const optimizer = (): Optimizer<Floats> => sharpnessAware(adam({ learningRate: 0.1 }), smoothed(0.05), f64.algebra);
const slowly: Parameters<Optimizer<Floats>['stepAsync']>[1] = async (weights) => {
  await ticks(5);
  return evaluate(weights);
};
const refusal = 'smoothed: a step is still running; finish (await) it before the next.';

describe('steps of one optimizer', () => {
  it('never overlap: a second is refused, and the first ends as if alone', async () => {
    const [busy, alone] = [optimizer(), optimizer()];
    const first = busy.stepAsync(start, slowly);
    await expect(busy.stepAsync(start, slowly)).rejects.toThrow(refusal);
    await ticks(6); // between its two evaluations
    expect(() => busy.step(start, evaluate)).toThrow(refusal);
    expect(await first).toEqual(alone.step(start, evaluate));
    expect(busy.steps).toBe(1);
    expect(busy.step(start, evaluate)).toEqual(alone.step(start, evaluate));
  });

  it('are not started from within a step; the step itself goes on where that is caught', () => {
    const [nested, alone] = [optimizer(), optimizer()];
    const within: typeof evaluate = (weights, about) => {
      expect(() => nested.step(start, evaluate)).toThrow(refusal);
      return evaluate(weights, about);
    };
    expect(nested.step(start, within)).toEqual(alone.step(start, evaluate));
    expect(nested.steps).toBe(1);
    const recursive = () => nested.step(start, (weights) => nested.step(weights, evaluate) as never);
    expect(recursive).toThrow(refusal);
    expect(nested.step(start, evaluate)).toEqual(alone.step(start, evaluate));
  });

  it('may follow one that was refused, failed or rejected', async () => {
    const failed = optimizer();
    await expect(failed.stepAsync(start, async () => Promise.reject(new Error('lost')))).rejects.toThrow('lost');
    expect(failed.step(start, evaluate)).toEqual(optimizer().step(start, evaluate));
  });

  it('are not cut short: disposing while one runs is refused', async () => {
    const busy = optimizer();
    const first = busy.stepAsync(start, slowly);
    expect(() => busy.dispose()).toThrow('smoothed: a step is still running; finish (await) it before disposing.');
    expect(await first).toEqual(optimizer().step(start, evaluate));
    busy.dispose();
  });
});

describe('an optimizer that was disposed of', () => {
  it('starts again with fresh state', () => {
    const used = optimizer();
    used.step(start, evaluate);
    used.dispose();
    expect(used.step(start, evaluate)).toEqual(optimizer().step(start, evaluate));
  });
});

describe('a session', () => {
  it('waits for the proposal to be committed or discarded', () => {
    const session = new Session<Floats>(smoothed(0.05), f64.algebra);
    const host = { evaluate: ({ weights }: { weights: unknown }) => evaluate(weights as typeof start) as never };
    const proposal = session.run(start, 0.1, host);
    expect(() => session.run(start, 0.1, host)).toThrow(refusal);
    proposal.discard();
    expect(session.step).toBe(0);
    session.run(start, 0.1, host).commit();
    expect(session.step).toBe(1);
    expect(Object.keys(session.state)).toEqual(['d']);
  });
});
