import type { AnyBackend } from './backends.ts';
import { type Counted, type Loss, landscapeOf, type Shapes } from './bench-of.ts';
import golden from './golden.json' with { type: 'json' };

const [IN, HIDDEN, OUT] = [4, 6, 3];
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** The network of `tools/golden/landscape.py`: 4 → 6 (tanh) → 3, mean cross-entropy over 20 samples. */
export const networkLoss: Loss = (w) => {
  const kernel1 = (i: number, j: number): number => i * HIDDEN + j;
  const bias1 = (j: number): number => IN * HIDDEN + j;
  const kernel2 = (j: number, o: number): number => (IN + 1) * HIDDEN + j * OUT + o;
  const bias2 = (o: number): number => (IN + 1 + OUT) * HIDDEN + o;
  const gradient = new Array<number>(w.length).fill(0);
  const add = (at: number, value: number): void => {
    gradient[at]! += value / golden.inputs.length;
  };
  let loss = 0;
  for (const [n, x] of golden.inputs.entries()) {
    const hidden = range(HIDDEN).map((j) =>
      Math.tanh(x.reduce((sum, xi, i) => sum + xi * w[kernel1(i, j)]!, w[bias1(j)]!)),
    );
    const outputs = range(OUT).map((o) => hidden.reduce((sum, a, j) => sum + a * w[kernel2(j, o)]!, w[bias2(o)]!));
    const total = outputs.reduce((sum, y) => sum + Math.exp(y), 0);
    loss += (Math.log(total) - outputs[golden.labels[n]!]!) / golden.inputs.length;
    const error = outputs.map((y, o) => Math.exp(y) / total - (o === golden.labels[n] ? 1 : 0));
    for (const [o, e] of error.entries()) {
      add(bias2(o), e);
      for (const [j, a] of hidden.entries()) add(kernel2(j, o), a * e);
    }
    for (const [j, a] of hidden.entries()) {
      const back = (1 - a ** 2) * error.reduce((sum, e, o) => sum + e * w[kernel2(j, o)]!, 0);
      add(bias1(j), back);
      for (const [i, xi] of x.entries()) add(kernel1(i, j), xi * back);
    }
  }
  return { loss, gradient };
};

const shapes: Shapes = {
  'hidden/kernel': [IN, HIDDEN],
  'hidden/bias': [HIDDEN],
  'output/kernel': [HIDDEN, OUT],
  'output/bias': [OUT],
};

/** The network as a landscape, at the weights of the golden file. */
export const network = (backend: AnyBackend): Counted => landscapeOf(backend, networkLoss, shapes, golden.weights);
