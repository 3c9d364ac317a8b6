import { expect, test } from 'vitest';
import { seededRandom } from '../../random.ts';
import { blank, cutout, cutoutSide } from './cutout.ts';

const ones = (width: number, height: number, channels = 1) => new Float32Array(width * height * channels).fill(1);

/** A row a line: `.` is blank. */
function drawn(image: Float32Array, width: number): string[] {
  const marks = [...image].map((value) => (value === 0 ? '.' : '#')).join('');
  return marks.match(new RegExp(`.{${width}}`, 'g'))!;
}

test.each([
  ['in the middle', 3, 3, ['######', '#....#', '#....#', '#....#', '#....#']],
  ['in the corner', 0, 0, ['..####', '..####', '######', '######', '######']],
  ['at the far corner', 4, 5, ['######', '######', '###...', '###...', '###...']],
])('a square %s blanks what of it lies in the image', (_, row, column, expected) => {
  const image = ones(6, 5);
  blank(image, [5, 6, 1], row, column, 4);
  expect(drawn(image, 6)).toEqual(expected);
});

test('all colours of a pixel are blank', () => {
  const image = ones(2, 1, 3);
  blank(image, [1, 2, 3], 0, 0, 2);
  expect([...image]).toEqual([0, 0, 0, 1, 1, 1]);
});

test('the square has the side of the paper, and half of it in small images', () => {
  expect([cutoutSide([32, 32, 3]), cutoutSide([28, 28, 1]), cutoutSide([8, 8, 1])]).toEqual([16, 8, 8]);
});

test('every pixel is a centre as often as the others', () => {
  const random = seededRandom(1);
  const blanks = new Float64Array(64);
  const draws = 20_000;
  for (let draw = 0; draw < draws; draw++) {
    const image = ones(8, 8);
    cutout.apply(image, [8, 8, 1], random);
    image.forEach((value, place) => {
      blanks[place]! += 1 - value;
    });
  }
  // The centres from four before a pixel, less one, to four behind it blank it: of eight rows and columns so many.
  const reach = (at: number): number => Math.min(8, at + 4 + 1) - Math.max(0, at - 3);
  blanks.forEach((count, place) => {
    const expected = (reach(Math.floor(place / 8)) * reach(place % 8)) / 64;
    expect(Math.abs(count / draws - expected)).toBeLessThan(0.015); // more than 4 standard deviations
  });
});
