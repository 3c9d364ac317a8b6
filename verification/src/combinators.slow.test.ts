import { type VariantChecksOptions, variantChecks } from '@flatmin/conformance';
import { accumulate, clip, plain, rhoByPath, type Variant } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import { friendlySam } from '@flatmin/zoo';
import { beforeAll, describe, it } from 'vitest';
import { engines } from './engines.ts';

interface Row {
  readonly make: (options: object) => Variant;
  readonly kit?: Omit<VariantChecksOptions<unknown>, 'backend'>;
}

/** Every combinator that has options of its own, around a variant with state or without. */
const rows: Readonly<Record<string, Row>> = {
  accumulate: {
    make: (options) => accumulate(3, friendlySam(options)),
    kit: { control: accumulate(3, plain()), learningRate: 0.06 },
  },
  'clip by value': { make: (options) => clip(sam(options), { gradients: { value: 0.5 }, direction: { value: 0.4 } }) },
  'clip by norms': {
    make: (options) => clip(sam(options), { gradients: { norm: 0.5 }, direction: { globalNorm: 0.4 } }),
  },
  rhoByPath: { make: (options) => rhoByPath(sam(options), [[['weight'], 0.5]]) },
};

describe.each(engines)('over $backend.name', ({ backend, use }) => {
  beforeAll(use);

  describe.each(Object.entries(rows))('%s', (_, { make, kit }) => {
    for (const { title, run } of variantChecks(make, { backend, ...kit })) it(title, run);
  });
});
