import { describe, expect, it } from 'vitest';
import { widthOf, wrapped } from './text.ts';

describe('text', () => {
  it('is broken between words, and no line is wider than there is room', () => {
    const lines = wrapped('The weights themselves, and whatever else there is to be said', 100);
    expect(lines.join(' ')).toBe('The weights themselves, and whatever else there is to be said');
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(100);
  });

  it('that is too long ends in an ellipsis, in a word or after the last line', () => {
    expect(wrapped('x'.repeat(100), 80)).toEqual([expect.stringMatching(/^x{5,12}…$/)]);
    expect(wrapped('one two three four', 40, 12, 2)).toEqual(['one', 'two…']);
  });
});
