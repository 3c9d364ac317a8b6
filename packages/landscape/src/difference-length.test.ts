import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hessianEigenvectors } from './hessian-eigenvalues.ts';
import { hessianProduct } from './hessian-product.ts';
import { measure } from './measure.ts';
import { type AnyBackend, backends, f64 } from './testing/backends.ts';
import { measured } from './testing/bench-of.ts';
import golden from './testing/golden.json' with { type: 'json' };
import { network } from './testing/network.ts';

const decision = join(import.meta.dirname, '../../../docs/decisions/0015-landscape.md');
const length = Math.hypot(...golden.weights);
const largest = golden.eigenvalues[0]!;

// Of length 1 and known to 1e-9.
const top = (() => {
  const on = network(f64);
  const [found] = measure(hessianEigenvectors({ count: 1, iterations: 51 }), on);
  return on.numbers(found!.vector);
})();
const even = golden.weights.map(() => 1 / Math.sqrt(golden.weights.length));

/** How far differences over h‖w‖ are from Hv as automatic differentiation has it, in parts of the largest eigenvalue. */
function error(backend: AnyBackend, v: readonly number[], expected: readonly number[], h: number): number {
  const on = network(backend);
  const direction = on.tree(v);
  const product = measured(function* ({ math, weights }) {
    return on.numbers(yield* hessianProduct(math, weights, direction, h * length));
  }, on);
  return Math.hypot(...product.map((x, i) => x - expected[i]!)) / largest;
}

it('differences of gradients err as the decision on their length says', () => {
  const ofTop = top.map((x) => largest * x);
  const ofEven = golden.onesTimesHessian.map((x) => x / Math.sqrt(golden.weights.length));
  const float32 = backends[1]!;
  const rows = [...readFileSync(decision, 'utf8').matchAll(/^\| (1e-\d) \| (\S+) \| (\S+) \| (\S+) \|$/gm)];
  expect(rows).toHaveLength(7);
  for (const [row, h, ...told] of rows) {
    const found = [
      error(float32, top, ofTop, Number(h)),
      error(float32, even, ofEven, Number(h)),
      error(f64, top, ofTop, Number(h)),
    ];
    // Where rounding decides, the last digits are the machine's own.
    for (const [i, one] of told.entries()) {
      const ratio = found[i]! / Number(one);
      expect(ratio > 0.5 && ratio < 2, `${row}, column ${i + 1}: ${found[i]}`).toBe(true);
    }
  }
});
