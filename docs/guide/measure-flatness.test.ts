import '@tensorflow/tfjs-backend-cpu';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { initializers, layers, sequential } from '@tensorflow/tfjs-layers';
import { describe, expect, it } from 'vitest';
import { spectrum, spectrumFigures, surfaceFigures } from './measure-flatness/figures.ts';
import { bound, flatness } from './measure-flatness/flatness.ts';
import { landscapeOf } from './measure-flatness/landscape.ts';
import { surface } from './measure-flatness/surface.ts';
import { updateFigure } from './measure-flatness/update.ts';

const read = (file: string): string => readFileSync(join(import.meta.dirname, file), 'utf8');

tf.enableProdMode(); // silences the hint to install the native addon

const kernelInitializer = (seed: number) => initializers.glorotUniform({ seed });
const model = sequential({
  layers: [
    layers.dense({ units: 8, inputShape: [3], activation: 'tanh', kernelInitializer: kernelInitializer(1) }),
    layers.batchNormalization(),
    layers.dense({ units: 2, kernelInitializer: kernelInitializer(2) }),
  ],
});
const xs = tf.randomNormal([64, 3], 0, 1, 'float32', 1);
const ys = tf.tidy(() => tf.oneHot(tf.cast(tf.greater(tf.sum(xs, 1), 0), 'int32'), 2));
const outputs = (): tf.Tensor => model.apply(xs, { training: false }) as tf.Tensor;
const loss = (): tf.Scalar => tf.losses.softmaxCrossEntropy(ys, outputs());
const error = (): tf.Scalar => tf.mean(tf.notEqual(tf.argMax(outputs(), 1), tf.argMax(ys, 1)));

describe('the page on measuring flatness', () => {
  const page = read('measure-flatness.md');

  it('shows the very files that are compiled and tested', () => {
    const shown = [...page.matchAll(/\((measure-flatness\/[\w.-]+)\):\s*```ts\n(.*?)```/gs)];
    expect(shown.map(([, file]) => file)).toEqual(
      ['landscape', 'flatness', 'surface', 'figures', 'update'].map((name) => `measure-flatness/${name}.ts`),
    );
    for (const [, file, code] of shown) expect(code, file).toBe(read(file!));
    for (const [, target] of page.matchAll(/\]\(([^)]+)\)/g))
      expect(existsSync(join(import.meta.dirname, target!))).toBe(true);
  });

  it('has measures of a layers model that leave it as it was, and no tensor behind', () => {
    const landscape = landscapeOf(model, loss);
    const numbers = (): number[][] => model.getWeights().map((weight) => Array.from(weight.dataSync()));
    const [before, { numTensors }] = [numbers(), tf.memory()];

    const { sharpness, worst, adaptive, hessian, trace } = flatness(landscape);
    expect(sharpness).toBeGreaterThan(0);
    expect(worst).toBeGreaterThanOrEqual(sharpness);
    expect(adaptive).toBeGreaterThan(0);
    expect(hessian.eigenvalues).toHaveLength(3);
    expect(hessian.eigenvalues[0]!.value).toBeGreaterThan(hessian.smallest.value);
    expect(trace.samples).toHaveLength(20);

    const { losses, centre } = surface(landscape, 5);
    expect(losses[2]![2]).toBe(centre);
    expect(centre).toBe(tf.tidy(() => loss().dataSync()[0]));

    const wrongAnswers = landscapeOf(model, error);
    expect(bound(landscape, wrongAnswers, 64)).toMatch(/^k = 66 parameters, n = 64 samples.*vacuous/s);
    tf.dispose(wrongAnswers.weights);

    expect(numbers()).toEqual(before);
    expect(tf.memory().numTensors).toBe(numTensors);
    tf.dispose(landscape.weights);
  });

  it('has a surface that frees its first direction where the second cannot be drawn', () => {
    const landscape = landscapeOf(model, loss);
    const { numTensors } = tf.memory();
    const [name, kernel] = Object.entries(landscape.weights)[0]!;
    let draws = 0;
    const dataSync = () => {
      if (++draws === 2) throw new Error('expected');
      return kernel.dataSync();
    };
    const failing = { ...landscape.weights, [name]: Object.create(kernel, { dataSync: { value: dataSync } }) };
    expect(() => surface({ ...landscape, weights: failing }, 3)).toThrow('expected');
    expect(tf.memory().numTensors).toBe(numTensors);
    tf.dispose(landscape.weights);
  });

  it('has figures of them, and of an update', () => {
    const landscape = landscapeOf(model, loss);
    const { numTensors } = tf.memory();
    const panels = ['one', 'the same'].map((title) => ({ title, surface: surface(landscape, 5) }));
    const spectra = [spectrum('one', landscape, 0.05)];
    expect(tf.memory().numTensors).toBe(numTensors);
    tf.dispose(landscape.weights);
    const figures = [...surfaceFigures(panels), ...spectrumFigures(spectra), updateFigure()];
    expect(figures).toHaveLength(5);
    for (const figure of figures) expect(figure).toMatch(/^<svg .*<\/svg>$/s);
  });
});
