import { type LossAndGradient, leaves, map, type ParamTree, type Procedure } from '@flatmin/core';
import { expect } from 'vitest';
import { countingBackend } from '../../../conformance/src/counting.ts';
import { type Given, type Landscape, measure } from '../index.ts';
import type { AnyBackend } from './backends.ts';

/** A loss of plain numbers, and its gradient. */
export type Loss = (w: readonly number[]) => { readonly loss: number; readonly gradient: readonly number[] };

/** A landscape that counts: how often it was asked, and which leaves are alive. */
export interface Counted extends Landscape<unknown> {
  /** Gradients and losses asked for so far. */
  readonly asked: { gradients: number; losses: number };
  /** The leaves that are alive. */
  readonly alive: ReadonlySet<unknown>;
  /** All numbers of a tree. */
  numbers(tree: ParamTree<unknown>): number[];
  /** A tree like the weights, of other numbers; its leaves belong to the caller. */
  tree(numbers: readonly number[]): ParamTree<unknown>;
  /** Frees a tree. */
  free(tree: ParamTree<unknown>): void;
}

/** Shapes of weights by name, in the order of their numbers. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

/** A loss as a landscape over a backend, computed in float64 and rounded once, around weights of these numbers. */
export function landscapeOf(inner: AnyBackend, f: Loss, shapes: Shapes, w: readonly number[]): Counted {
  const { backend, alive } = countingBackend(inner);
  const { algebra } = backend;
  const sizes = Object.values(shapes).map((shape) => shape.reduce((product, length) => product * length, 1));
  const tree = (numbers: readonly number[]): ParamTree<unknown> => {
    let position = 0;
    const leaf = ([name, shape]: [string, readonly number[]], k: number): [string, unknown] => {
      position += sizes[k]!;
      return [name, backend.from(numbers.slice(position - sizes[k]!, position), shape)];
    };
    return Object.fromEntries(Object.entries(shapes).map(leaf)) as ParamTree<unknown>;
  };
  const numbers = (given: ParamTree<unknown>): number[] => leaves(given).flatMap((leaf) => backend.numbers(leaf));
  const asked = { gradients: 0, losses: 0 };
  return {
    weights: tree(w),
    algebra,
    evaluate: (weights): LossAndGradient<unknown> => {
      asked.gradients++;
      const { loss, gradient } = f(numbers(weights));
      return { loss: backend.from([loss], []), gradient: tree(gradient) };
    },
    loss: (weights) => {
      asked.losses++;
      return f(numbers(weights)).loss;
    },
    asked,
    alive,
    numbers,
    tree,
    free: (given) => void map((leaf: unknown) => algebra.dispose(leaf), given),
  };
}

/** What a measure measures; expects that nothing but the weights is left, and that they are as they were. */
export function measured<R>(what: (given: Given<unknown>) => Procedure<unknown, R>, on: Counted): R {
  const [before, alive] = [on.numbers(on.weights), new Set(on.alive)];
  const result = measure(what, on);
  expect(on.alive).toEqual(alive);
  expect(on.numbers(on.weights)).toEqual(before);
  return result;
}
