import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { availability } from './availability.ts';
import { absent, type Engine, present } from './engine.ts';
import { EngineError } from './engine-error.ts';
import { openEngine, openFrom } from './open-engine.ts';
import { engines } from './table.ts';

/** An engine that is there and, unless told otherwise, opens the backend of cpu. */
const made = (changes: Partial<Engine> = {}): Engine => ({
  description: 'made for a test',
  packages: ['made-up'],
  backend: 'cpu',
  presence: async () => present,
  load: () => import('@tensorflow/tfjs-backend-cpu'),
  ...changes,
});
const without = made({ presence: async () => absent('it was left at home') });
const refusal = (promise: Promise<unknown>): Promise<EngineError> =>
  promise.then(
    () => expect.fail('it was opened'),
    (error) => error,
  );

describe('an engine asked for by name', () => {
  test('becomes the backend in use, and a training one: WebAssembly has the gradient of convolutions', async () => {
    expect(await openEngine('wasm')).toEqual({ name: 'wasm', backend: 'wasm', passedOver: [] });
    expect(tf.getBackend()).toBe('wasm');
    expect(tf.getKernel('Conv2DBackpropFilter', 'wasm')).toBeDefined();
    await openEngine('cpu');
    expect(tf.getBackend()).toBe('cpu');
  });

  test('is refused with all names when there is none of that name', async () => {
    const error = await refusal(openEngine('cuda'));
    expect(error).toBeInstanceOf(EngineError);
    expect(error.kind).toBe('unknown');
    expect(error.message).toBe(
      'engine "cuda" must be one of tensorflow-gpu, tensorflow, webgpu, webgl, wasm, cpu, auto',
    );
  });

  test('is refused with reason and remedy when this machine lacks it, and the one in use stays', async () => {
    await openEngine('cpu');
    const error = await refusal(openEngine('webgl'));
    expect(error.kind).toBe('absent');
    expect(error.message).toBe('engine webgl is not available: Node has no WebGL; take tensorflow, webgpu or wasm');
    expect(tf.getBackend()).toBe('cpu');
  });

  test.each<[string, Partial<Engine>]>([
    [
      'libtensorflow.so.2 is missing',
      { load: () => Promise.reject(new Error('libtensorflow.so.2 is missing\nstack')) },
    ],
    ['has not registered it with this copy of @tensorflow/tfjs-core', { backend: 'elsewhere' }],
    ['its backend refuses to', { backend: 'faint' }],
  ])('that does not start is told in one line, and the one in use stays: %s', async (words, changes) => {
    tf.registerBackend('faint', () => {
      throw new Error('no');
    });
    await openEngine('cpu');
    const error = await refusal(openFrom(new Map([['tensorflow', made(changes)]]), 'tensorflow'));
    expect(error.kind).toBe('broken');
    expect(error.message).toMatch(/^engine tensorflow does not start: [^\n]*$/);
    expect(error.message).toContain(words);
    expect(tf.getBackend()).toBe('cpu');
    tf.removeBackend('faint');
  });
});

describe('auto', () => {
  test('takes the first engine of this machine that has nothing against it, and says what it passed over', async () => {
    const all = await availability();
    const best = all.findIndex(({ available, reason }) => available && reason === undefined);
    const { name, backend, passedOver } = await openEngine('auto');
    expect(name).toBe(all[best]?.name);
    expect(backend).toBe(tf.getBackend());
    expect(passedOver).toEqual(all.slice(0, best));
  });

  test('passes over what is missing, what is not worth it, and what does not start', async () => {
    const found = await openFrom(
      new Map([
        ['tensorflow', without],
        ['webgpu', made({ presence: async () => ({ available: true, reason: 'it is slow' }) })],
        ['webgl', made({ load: () => Promise.reject(new Error('it fell')) })],
        ['wasm', made({ presence: () => Promise.reject(new Error('nothing to see')) })],
        ['cpu', made()],
      ]),
      'auto',
    );
    expect(found).toEqual({
      name: 'cpu',
      backend: 'cpu',
      passedOver: [
        { name: 'tensorflow', available: false, reason: 'it was left at home' },
        { name: 'webgpu', available: true, reason: 'it is slow' },
        { name: 'webgl', available: true, reason: 'engine webgl does not start: it fell' },
        { name: 'wasm', available: false, reason: 'looking for it failed (nothing to see)' },
      ],
    });
  });

  test('is refused when nothing is left', async () => {
    const error = await refusal(openFrom(new Map([['tensorflow', without]]), 'auto'));
    expect(error.kind).toBe('absent');
    expect(error.message).toMatch(/^engine auto finds none .*npm install @flatmin\/wasm-training /);
  });
});

test('every engine has an entry, in the order of preference, with a reason where it is not there', async () => {
  const all = await availability();
  expect(all.map(({ name }) => name)).toEqual([...engines.keys()]);
  for (const { available, reason } of all) expect(available || reason).toBeTruthy();
  expect(all.at(-1)).toEqual({ name: 'cpu', available: true });
});
