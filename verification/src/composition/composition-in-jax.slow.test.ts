import { defaultDevice, init } from '@jax-js/jax';
import { beforeAll, describe } from 'vitest';
import { walkFeatures, walkVariants } from './walk.ts';

beforeAll(async () => {
  await init('wasm');
  defaultDevice('wasm');
});

describe('features in jax', () => walkFeatures(['`sharpnessAware` of jax']));
describe('variants in jax', () => walkVariants(['`sharpnessAware` of jax']));
