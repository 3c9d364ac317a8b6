import { expect, it } from 'vitest';
import { plain } from './plain.ts';

it('plain is the base optimizer itself: one gradient a step, whatever ρ', () => {
  expect(plain()).toMatchObject({ name: 'plain', equation: 'step ∇L(w)', gradients: 1, limit: 'exact', options: {} });
});
