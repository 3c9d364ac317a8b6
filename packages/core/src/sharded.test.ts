import { describe, expect, it } from 'vitest';
import { withDiagnostics } from './diagnostics.ts';
import { evaluate, read } from './protocol.ts';
import { Session } from './session.ts';
import { sgd } from './sgd.ts';
import { sharded } from './sharded.ts';
import { sharpnessAware } from './sharpness-aware.ts';
import { distance, type Floating, type Floats, f64, flat, kinds } from './testing/kinds.ts';
import { network, networkLoss } from './testing/problems.ts';
import { train } from './testing/train.ts';
import { climb, smoothed, wsam } from './testing/variants.ts';
import { define, treeOf, type Variant } from './variant.ts';

const eta = 0.05;
const rho = 0.3;
const count = 4;

describe.each(kinds)('sharded over $name', (kind) => {
  const problem = network(kind);
  const w = flat(problem.start);
  const make = (variant: Variant) =>
    sharpnessAware(sgd({ learningRate: eta }), variant, kind.algebra, { offers: ['shards'] });
  const minusEta = (direction: readonly number[]): number[] => w.map((x, i) => x - eta * direction[i]!);

  it('steps along the mean of each shard’s own SAM gradient', () => {
    const own = [0, 1, 2, 3].map((index) => {
      const { gradient: g } = networkLoss(w, { index, count });
      const norm = Math.hypot(...g);
      const displaced = w.map((x, i) => x + (rho * g[i]!) / norm);
      return networkLoss(displaced, { index, count }).gradient;
    });
    const mean = w.map((_, i) => own.reduce((sum, g) => sum + g[i]! / count, 0));
    const { weights } = make(sharded(climb(rho), count)).step(problem.start, problem.evaluate);
    expect(distance(flat(weights), minusEta(mean))).toBeLessThan(kind.rounding);
    // It is not the SAM of the whole batch, whose ε is another.
    const whole = make(climb(rho)).step(problem.start, problem.evaluate);
    expect(distance(flat(weights), flat(whole.weights))).toBeGreaterThan(1e-4);
  });

  it.each([climb(rho), smoothed(rho), wsam(rho), withDiagnostics(climb(rho))])(
    'is $name itself, bit for bit, with one shard',
    (variant) => {
      expect(train(make(sharded(variant, 1)), problem, 10)).toEqual(train(make(variant), problem, 10));
      const [one, whole] = [make(sharded(variant, 1)), make(variant)];
      expect(one.step(problem.start, problem.evaluate)).toEqual(whole.step(problem.start, problem.evaluate));
    },
  );
});

describe('sharded', () => {
  const { start, evaluate: at } = network(f64);

  function runOn(variant: Variant, lossOf: (index: number) => number) {
    const session = new Session<Floats>(variant, f64.algebra);
    const proposal = session.run(start, eta, {
      evaluate: (request) => ({
        loss: f64.array([lossOf(request.shard?.index ?? -1)]),
        gradient: at(request.weights as Floating, request).gradient,
      }),
    });
    proposal.commit();
    return { ...proposal, next: session.state };
  }

  it('averages states: the mean gradient of equal shards is that of the batch', () => {
    const { next } = runOn(sharded(smoothed(rho, 1), count), () => 1);
    expect(distance(flat(next['d']!), networkLoss(flat(start)).gradient)).toBeLessThan(1e-15);
  });

  it('takes what only some shards return for zero in the others, and their state for unchanged', () => {
    // Only where the loss is above 2: a direction and a shift of 4, a state of 8 (from 1), a report of 12.
    const sometimes = define({
      name: 'sometimes',
      state: { s: treeOf(1) },
      *step({ math: { full, leaf }, weights: w }) {
        const { loss } = yield* evaluate(w);
        if ((yield* read(loss)) <= 2) return {};
        const four = full(w, 4);
        return { direction: four, shift: four, state: { s: full(w, 8) }, diagnostics: { twelve: leaf.scalar(12) } };
      },
    });
    const { direction, shift, next, diagnostics } = runOn(sharded(sometimes, count), (index) => index);
    const all = (tree: Floating): Set<number> => new Set(flat(tree));
    expect([direction!, shift!, next['s']!, diagnostics['twelve']!].map(all)).toEqual(
      [1, 1, 1 + 7 / 4, 3].map((x) => new Set([x])),
    );
    const none = runOn(sharded(sometimes, 2), (index) => index);
    expect([none.direction, none.shift]).toEqual([undefined, undefined]);
    expect(all(none.next['s']!)).toEqual(new Set([1]));
  });

  it('averages over parts, not over the leaves, where the weights are a list', () => {
    const weights = [f64.array([1, 2]), f64.array([3, 4])];
    const optimizer = sharpnessAware<Floats>(sgd({ learningRate: 1 }), sharded(smoothed(rho), 2), f64.algebra, {
      offers: ['shards'],
    });
    const gradient = [f64.array([1, 0]), f64.array([0, 2])];
    const step = () => optimizer.step(weights, () => ({ loss: 1, gradient })).weights;
    expect([step(), step()]).toEqual([
      [f64.array([0, 2]), f64.array([3, 2])],
      [f64.array([0, 2]), f64.array([3, 2])],
    ]);
  });

  it('asks for shards, beside what its variant needs', () => {
    expect(sharded({ ...climb(rho), needs: ['perSample'] }, 2).needs).toEqual(['perSample', 'shards']);
    expect(() => sharded(sharded(climb(rho), 2), 2)).toThrow(
      'sharded: sharded-2-climb takes the batch in parts already; part it once, into the product.',
    );
    expect(() => sharpnessAware(sgd({ learningRate: eta }), sharded(climb(rho), 2), f64.algebra)).toThrow(
      'sharded-2-climb needs the parts of a batch one by one (shards), which is not offered here; give a function that can, and say so by the option offers.',
    );
    const earlier: Variant = { ...climb(rho), needs: ['previousBatch'] };
    expect(() => sharpnessAware(sgd({ learningRate: eta }), earlier, f64.algebra)).toThrow(
      'climb needs the batch of the step before (previousBatch), which is not offered here; give a function',
    );
  });
});
