import { expect, test } from 'vitest';
import { memoryStream } from '../testing/streams.ts';
import { fetchContext } from './fetch-context.ts';

const { signal } = new AbortController();

test('on a terminal the bytes are counted in one line, which ends before the next is said', () => {
  const stream = memoryStream(true);
  const context = fetchContext(stream, signal);
  context.transferred('one.gz', 1_000_000, 3_000_000);
  context.transferred('one.gz', 2_000_000, 3_000_000);
  context.say('it broke off');
  expect(stream.text()).toBe('\rone.gz: 1.0 of 3.0 MB\rone.gz: 2.0 of 3.0 MB\nit broke off\n');
});

test('away from a terminal only lines are written', () => {
  const stream = memoryStream();
  const context = fetchContext(stream, signal);
  context.transferred('one.gz', 3_000_000, 3_000_000);
  context.say('done');
  expect(stream.text()).toBe('done\n');
});
