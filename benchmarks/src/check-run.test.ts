import { expect, test } from 'vitest';
import { checkRun } from './check-run.ts';
import { UsageError } from './errors.ts';
import { tinyRun } from './testing/settings.ts';

const checked = (changes: Partial<typeof tinyRun>) => () => checkRun({ ...tinyRun, ...changes });

test('an optimizer for normalisation layers is refused on a network without, with the remedy', () => {
  expect(checked({ optimizer: 'sam-on' })).toThrow(UsageError);
  expect(checked({ optimizer: 'sam-on' })).toThrow(
    '--optimizers sam-on perturbs normalisation layers only, and --model linear has none; give --model conv4-16-bn or resnet-12 or resnet-20 or wrn-16-4, or leave sam-on out',
  );
  expect(checked({ optimizer: 'sam-on', model: 'conv4-16-bn' })).not.toThrow();
});

test('an optimizer of parts is refused where the last batch of an epoch has fewer images', () => {
  expect(checked({ optimizer: 'm-sam', trainImages: 35, batchSize: 16 })).toThrow(
    '--optimizers m-sam takes batches in 4 parts, and the last of 35 images in batches of 16 has 3; give another --limit or --batch-size',
  );
  expect(checked({ optimizer: 'm-sam', trainImages: 36, batchSize: 16 })).not.toThrow();
  expect(checked({ optimizer: 'm-sam', trainImages: 32, batchSize: 16 })).not.toThrow();
  expect(checked({ optimizer: 'sampa', trainImages: 33, batchSize: 16 })).not.toThrow();
});
