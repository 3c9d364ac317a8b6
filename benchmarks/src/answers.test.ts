import fc from 'fast-check';
import { expect, test } from 'vitest';
import { discordant, packAnswers } from './answers.ts';

test('two networks’ answers are paired image by image', () => {
  const pairs = fc.array(fc.tuple(fc.boolean(), fc.boolean()), { maxLength: 40 });
  fc.assert(
    fc.property(pairs, (answers) => {
      const found = discordant(
        packAnswers(answers.map(([one]) => one)),
        packAnswers(answers.map(([, other]) => other)),
      );
      expect(found.onlyOne).toBe(answers.filter(([one, other]) => one && !other).length);
      expect(found.onlyOther).toBe(answers.filter(([one, other]) => other && !one).length);
    }),
  );
});

test('the first image is the lowest bit of the first byte', () => {
  const right = [true, false, false, false, false, false, false, false, false, true];
  expect([...Buffer.from(packAnswers(right), 'base64')]).toEqual([1, 2]);
});

test('answers to different numbers of images are refused', () => {
  expect(() => discordant(packAnswers(Array(8).fill(true)), packAnswers(Array(9).fill(true)))).toThrow(
    'answers to about 8 and 16 images cannot be paired; judge both on the same',
  );
});
