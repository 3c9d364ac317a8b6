import { expect, it } from 'vitest';
import { encode } from './encode.ts';

it('more text than readers of safetensors accept is refused', () => {
  expect(() => encode({ text: 'x'.repeat(1e8) })).toThrow(
    /^The value has 100\d{6} bytes besides its typed arrays, above the limit of 100000000; keep long lists .*\.$/,
  );
});
