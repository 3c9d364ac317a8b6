import '@tensorflow/tfjs-backend-cpu';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, type LayersModel, layers, sequential } from '@tensorflow/tfjs-layers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadAndTrain, trainAndSave } from './save-and-resume/reload.ts';
import { train } from './save-and-resume/resume.ts';

const read = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');

function classifier(): LayersModel {
  const kernelInitializer = (seed: number) => initializers.glorotUniform({ seed });
  return sequential({
    layers: [
      layers.dense({ units: 8, inputShape: [3], activation: 'tanh', kernelInitializer: kernelInitializer(1) }),
      layers.batchNormalization(),
      layers.dense({ units: 2, activation: 'softmax', kernelInitializer: kernelInitializer(2) }),
    ],
  });
}

const samples = () =>
  tf.tidy(() => {
    const xs = tf.randomNormal([96, 3], 0, 1, 'float32', 1);
    return { xs, ys: tf.oneHot(tf.cast(tf.greater(tf.sum(xs, 1), 0), 'int32'), 2) };
  });

const numbersOf = (model: LayersModel): number[][] => model.getWeights().map((weight) => Array.from(weight.dataSync()));

describe('the page on saving', () => {
  const page = read('save-and-resume.md');
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'flatmin-guide-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('shows the very files that are compiled and tested', () => {
    const shown = [...page.matchAll(/\((save-and-resume\/[\w.-]+)\):\s*```ts\n(.*?)```/gs)];
    expect(shown.map(([, file]) => file)).toEqual(['save-and-resume/resume.ts', 'save-and-resume/reload.ts']);
    for (const [, file, code] of shown) expect(code, file).toBe(read(file!));
    for (const [, target] of page.matchAll(/\]\(([^)]+)\)/g))
      expect(existsSync(join(import.meta.dirname, target!))).toBe(true);
  });

  it('has a training that goes on from its file, wherever it was stopped', async () => {
    const data = samples();
    const whole = classifier();
    await train(whole, data, { file: join(folder, 'whole.ckpt'), epochs: 3 });

    const file = join(folder, 'run.ckpt');
    let last = classifier();
    for (const milliseconds of [1, 20, 60]) {
      last = classifier();
      await train(last, data, { file, epochs: 3, signal: AbortSignal.timeout(milliseconds) });
    }
    last = classifier();
    await train(last, data, { file, epochs: 3 });
    expect(numbersOf(last)).toEqual(numbersOf(whole));
  });

  it('has a model that is saved with its optimizer, and trains on when it is loaded', async () => {
    const { xs, ys } = samples();
    const model = classifier();
    let artifacts: tf.io.ModelArtifacts = {};
    const saving = tf.io.withSaveHandler(async (saved) => {
      artifacts = saved;
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: 'JSON' } };
    });
    await trainAndSave(model, xs, ys, saving);
    const again = await loadAndTrain(xs, ys, tf.io.fromMemory(artifacts));
    await model.fit(xs, ys, { epochs: 3, shuffle: false });
    expect(numbersOf(again)).toEqual(numbersOf(model));
  });
});
