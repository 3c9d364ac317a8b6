import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
// Brings the gradients of TensorFlow.js.
import '@tensorflow/tfjs-layers';
import { expect } from 'vitest';

/** A tensor off any backend. */
export interface Values {
  readonly shape: readonly number[];
  readonly values: ArrayLike<number>;
  readonly dtype?: tf.DataType;
}

type Backend = 'cpu' | 'wasm';

/** Numbers between −1 and 1, the same for the same seed. */
export function randomValues(shape: readonly number[], seed: number): Values {
  let state = seed;
  const values = Float32Array.from({ length: tf.util.sizeFromShape([...shape]) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return state / 2 ** 31;
  });
  return { shape, values };
}

/** What a kernel computes on a backend. */
export async function runKernel(
  backend: Backend,
  kernelName: string,
  inputs: Readonly<Record<string, Values>>,
  attributes: object,
): Promise<Values> {
  const compute = (named: tf.NamedTensorMap): tf.Tensor[] => [
    tf.engine().runKernel(kernelName, named, { ...attributes }),
  ];
  const [result] = await runOn(backend, inputs, compute);
  return result!;
}

/** What a function of tensors computes on a backend; expects it to leave no other data there. */
export async function runOn(
  backend: Backend,
  inputs: Readonly<Record<string, Values>>,
  compute: (named: tf.NamedTensorMap) => tf.Tensor[],
): Promise<Values[]> {
  await tf.setBackend(backend);
  const before = tf.engine().backend.numDataIds();
  const results = tf.tidy(() => compute(tensors(inputs)));
  const read = results.map((result) => ({ shape: result.shape, values: result.dataSync(), dtype: result.dtype }));
  tf.dispose(results);
  expect(tf.engine().backend.numDataIds()).toBe(before);
  return read;
}

/** Values as tensors on the current backend. */
export function tensors(inputs: Readonly<Record<string, Values>>): tf.NamedTensorMap {
  const entries = Object.entries(inputs).map(([name, { values, shape, dtype = 'float32' }]) => [
    name,
    tf.tensor(Array.from(values), [...shape], dtype),
  ]);
  return Object.fromEntries(entries);
}

/** The largest difference allowed, as a part of the largest number expected, or of 1: some hundred float32 roundings. */
const tolerance = 1e-5;

/** Expects the same shape, and the same values up to float32 rounding. */
export function expectClose(got: Values, wanted: Values): void {
  expect(got.shape).toEqual(wanted.shape);
  const scale = Array.from(wanted.values).reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  const difference = Array.from(got.values, (value, k) => Math.abs(value - wanted.values[k]!));
  // Written so that NaN counts as wrong.
  expect(difference.filter((d) => !(d <= tolerance * scale))).toEqual([]);
}

/** Expects that a kernel computes on wasm what it computes on cpu. */
export async function expectSameAsOnCpu(
  kernelName: string,
  inputs: Readonly<Record<string, Values>>,
  attributes: object,
): Promise<void> {
  const wanted = await runKernel('cpu', kernelName, inputs, attributes);
  const got = await runKernel('wasm', kernelName, inputs, attributes);
  expectClose(got, wanted);
  expect(got.dtype).toBe(wanted.dtype);
}

/** Expects that a loss of two tensors has on wasm the gradients that it has on cpu. */
export async function expectSameGradients(
  inputs: Readonly<Record<'a' | 'b', Values>>,
  loss: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor,
): Promise<void> {
  const gradients = ({ a, b }: tf.NamedTensorMap) => tf.grads(loss)([a!, b!]);
  const wanted = await runOn('cpu', inputs, gradients);
  const got = await runOn('wasm', inputs, gradients);
  got.forEach((gradient, k) => {
    expectClose(gradient, wanted[k]!);
  });
}
