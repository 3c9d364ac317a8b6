import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe } from 'vitest';
import { walkCombinators, walkFeatures, walkVariants } from './walk.ts';

beforeAll(async () => {
  tf.enableProdMode(); // silences the hint to install the native addon
  await tf.setBackend('cpu');
});

const columns = ['`sharpnessAware` of core', '`sharpnessAware` of tfjs', '`trainer` of tfjs'];

describe('features and loops', () => walkFeatures(columns));
describe('combinators in one another', walkCombinators);
describe('variants and loops', () => walkVariants(columns));
