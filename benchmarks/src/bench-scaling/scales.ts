import type { LineUp } from '../bench-step/contestants.ts';
import type { Term } from './law.ts';

/** One thing that is made larger, step by step. */
export interface Scale {
  /** What it is: `batch`. */
  readonly name: string;
  /** What the horizontal axis says. */
  readonly title: string;
  /** What is trained. */
  readonly about: string;
  /** The terms of its law beside a constant. */
  readonly terms: readonly Term[];
  readonly points: readonly { readonly x: number; readonly lineUps: readonly Omit<LineUp, 'optimizers'>[] }[];
}

const engines = ['wasm', 'tensorflow'];
const x: Term = { text: 'x', of: (x) => x };
const squared: Term = { text: 'x²', of: (x) => x ** 2 };
const shared: Term = { text: '1/min(x, 2)', of: (x) => 1 / Math.min(x, 2) };

/** What is scaled, and how far. */
export const scales: readonly Scale[] = [
  {
    name: 'batch',
    title: 'images in a batch',
    about: 'conv4-16',
    terms: [x],
    points: [8, 16, 32, 64, 128, 256].map((x) => ({ x, lineUps: [{ network: 'conv4-16', batch: x, engines }] })),
  },
  {
    name: 'width',
    title: 'filters of the first layer',
    about: 'conv4, batch 32',
    terms: [x, squared],
    points: [4, 8, 16, 32, 64].map((x) => ({ x, lineUps: [{ network: `conv4-${x}`, batch: 32, engines }] })),
  },
  {
    name: 'depth',
    title: 'hidden layers',
    about: 'dense layers of 64, batch 32',
    terms: [x],
    points: [2, 5, 10, 20, 40].map((x) => ({ x, lineUps: [{ network: `mlp-${x}x64`, batch: 32, engines }] })),
  },
  {
    name: 'leaves',
    title: 'leaves',
    about: 'dense layers of 4, batch 1',
    terms: [x],
    points: [9, 49, 249, 999].map((layers) => ({
      x: 2 * layers + 2,
      lineUps: [{ network: `mlp-${layers}x4`, batch: 1, engines }],
    })),
  },
  {
    name: 'workers',
    title: 'workers',
    about: 'conv4-32, batch 64, two cores',
    terms: [shared],
    points: [1, 2, 3, 4].map((x) => ({ x, lineUps: [{ network: 'conv4-32', batch: 64, engines: [`wasm-${x}`] }] })),
  },
];
