import { expect, it } from 'vitest';
import { type Algebra, float32, float64 } from './index.ts';

it.each([
  { name: 'float32', algebra: float32 as Algebra<Float32Array | Float64Array>, make: Float32Array },
  { name: 'float64', algebra: float64 as Algebra<Float32Array | Float64Array>, make: Float64Array },
])('the algebra over $name gives norm and sum of ten million elements to 1e-6', ({ algebra, make }) => {
  const x = make.of(0.1)[0]!;
  const leaf = new make(1e7).fill(x);
  expect(algebra.read(algebra.norm([leaf])) / (x * Math.sqrt(1e7))).toBeCloseTo(1, 6);
  expect(algebra.read(algebra.sum([leaf])) / (x * 1e7)).toBeCloseTo(1, 6);
});
