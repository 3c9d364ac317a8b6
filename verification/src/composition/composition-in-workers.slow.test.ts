import { describe } from 'vitest';
import { walkFeatures, walkVariants } from './walk.ts';

describe('features in workers', () => walkFeatures(['`dataParallel` of parallel']));
describe('variants in workers', () => walkVariants(['`dataParallel` of parallel']));
