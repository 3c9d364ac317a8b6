import * as tf from '@tensorflow/tfjs-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { tensors } from './algebra.ts';
import { Snapshot } from './snapshot.ts';
import { engines, use } from './testing/engines.ts';
import { memory } from './testing/memory.ts';

describe.each(engines)('a second handle on %s', (engine) => {
  beforeEach(() => use(engine));

  it('has the data of the first, without a copy, and outlives it', () => {
    const first = tf.tensor1d([1, 2, 3]);
    const { numTensors, numDataBuffers } = memory();
    const second = tensors.share(first);
    expect(memory()).toMatchObject({ numTensors: numTensors + 1, numDataBuffers });
    expect(second.dataId).toBe(first.dataId);
    first.dispose();
    expect(Array.from(second.dataSync())).toEqual([1, 2, 3]);
    second.dispose();
    expect(memory()).toMatchObject({ numTensors: numTensors - 1, numDataBuffers: numDataBuffers - 1 });
  });

  it('on weights costs no buffer: held, moved and put back', () => {
    const w = tf.tidy(() => tf.variable(tf.tensor1d([1, 2, 3])));
    const before = memory();
    const snapshot = new Snapshot([w]);
    expect(memory().numDataBuffers).toBe(before.numDataBuffers);
    const { dataId } = w;
    tf.tidy(() => w.assign(tf.zerosLike(w)));
    snapshot.restore();
    snapshot.release();
    expect([w.dataId, memory()]).toEqual([dataId, before]);
  });
});
