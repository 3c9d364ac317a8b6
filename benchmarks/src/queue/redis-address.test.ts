import { expect, test } from 'vitest';
import { redisAddress } from './redis-address.ts';

test.each([
  ['redis://localhost', 'redis://localhost:6379'],
  ['redis://10.0.0.5:7000/', 'redis://10.0.0.5:7000'],
  ['redis://[::1]:6379/2', 'redis://[::1]:6379/2'],
  ['rediss://user:secret@example.org/3', 'rediss://example.org:6379/3'],
])('%s is shown as %s, and kept whole to connect', (text, shown) => {
  expect(redisAddress(text)).toEqual({ url: text, shown });
});

test.each([
  [
    'localhost:6379',
    '--queue localhost:6379 must be the address of a Redis server; give one such as redis://localhost',
  ],
  ['http://localhost', '--queue http://localhost must be the address'],
  ['', '--queue "" must be the address'],
  ['redis://', '--queue redis:// must be the address'],
  ['redis://localhost:99999', '--queue redis://localhost:99999 must be the address'],
  ['redis://localhost/runs', '--queue redis://localhost/runs has "/runs" behind the host, where only the number of a'],
  ['redis://localhost/0?family=6', 'has "/0?family=6" behind the host'],
])('%j is refused, and the sentence says what to give', (text, sentence) => {
  expect(() => redisAddress(text)).toThrow(sentence);
});

test('a password is not repeated in the sentence that refuses its address', () => {
  expect(() => redisAddress('redis://me:secret@host/x')).toThrow('--queue redis://…@host/x has');
  expect(() => redisAddress('mysql://me:secret@host')).toThrow('--queue mysql://…@host must be');
});
