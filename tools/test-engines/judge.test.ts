import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Row {
  readonly verdict: string;
  readonly note: string;
}

// Its own folder's JavaScript, which has no types.
const { judge }: { judge: (engine: string, result: object, reference: object) => Row[] } = await import(
  join(import.meta.dirname, 'judge.mjs')
);

const outcome = { before: [0, 0], after: [3, 4], losses: [2, 1], repeats: true, seconds: 1 };
const inAllWays = (one: object) => ({ byWay: { fit: one, minimize: one, trainer: one } });
const reference = inAllWays(outcome);
const verdicts = (engine: string, changes: object): string[] =>
  judge(engine, inAllWays({ ...outcome, ...changes }), reference).map(({ verdict }) => verdict);
const all = (verdict: string): string[] => [verdict, verdict, verdict];

test('an engine passes that trains as cpu does', () => {
  expect(verdicts('wasm', { after: [3.0004, 4] })).toEqual(all('ok'));
});

test.each<[string, object]>([
  ['its weights are elsewhere', { after: [3.001, 4] }],
  ['its weights are not numbers', { after: [null, 4] }],
  ['its loss does not fall', { losses: [1, 1] }],
  ['its loss is not a number', { losses: [1, null] }],
  ['training throws', { error: 'no such kernel' }],
])('an engine fails where %s', (_, changes) => {
  expect(verdicts('tensorflow', changes)).toEqual(all('failed'));
});

test('the same bits are required of the engines that promise them, and of no other', () => {
  expect(verdicts('wasm', { repeats: false })).toEqual(all('failed'));
  expect(verdicts('tensorflow', { repeats: false })).toEqual(all('ok'));
});

test('what an engine cannot do by its nature is no failure, in its own words and ways only', () => {
  const error = 'OffscreenCanvas is not defined';
  expect(verdicts('webgpu', { error })).toEqual(['cannot', 'cannot', 'failed']);
  expect(verdicts('webgpu', { error: 'the device is lost' })).toEqual(all('failed'));
  expect(verdicts('wasm', { error })).toEqual(all('failed'));
});

test('an engine that is not here is no failure, a process that ended is one', () => {
  const absent = 'engine webgl is not available: Node has no WebGL';
  expect(judge('webgl', { absent }, reference)).toEqual([
    { engine: 'webgl', verdict: 'not here', note: 'Node has no WebGL' },
  ]);
  expect(judge('webgpu', { crash: 'SIGSEGV' }, reference)).toMatchObject([{ verdict: 'failed', note: 'SIGSEGV' }]);
});

test('without a reference nothing passes', () => {
  expect(judge('wasm', reference, { crash: 'SIGSEGV' }).map(({ verdict }) => verdict)).toEqual(all('failed'));
});
