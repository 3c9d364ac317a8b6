import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { cases } from '../../tree/src/testing/cases.ts';
import { type SharpnessAwareOptimizer, sharpnessAware } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { memory } from './testing/memory.ts';
import { type Batch, batch, classifier, weightsOf } from './testing/problems.ts';

const batchSize = 16; // two batches an epoch
const maxEvaluation = 4; // two of SAM for each

/** What comes between: in the loss at some evaluation, in a callback, or in place of the next epoch. */
const events = {
  nothing: 'epoch',
  'the loss throws': 'loss',
  'the loss is NaN': 'loss',
  'the loss makes a step of its own': 'loss',
  'a callback throws': 'callback',
  'a callback stops the training': 'callback',
  'the model is compiled again, with the same optimizer': 'between',
  'the model is compiled again, with a new optimizer': 'between',
  'a layer is frozen': 'between',
  'a layer is thawed': 'between',
} as const;

const explained = /no such|is not finite|still running/;

type Event = { readonly what: keyof typeof events; readonly at: number };

class World {
  readonly model: tfl.Sequential = classifier([tfl.layers.batchNormalization()]);
  optimizer: SharpnessAwareOptimizer = this.#made();
  /** What the loss does at its next evaluations. */
  #happens: Event = { what: 'nothing', at: 0 };
  #asked = 0;

  readonly #metrics: string[];

  constructor(metrics: string[] = ['accuracy']) {
    this.#metrics = metrics;
    this.compile();
  }

  #made(): SharpnessAwareOptimizer {
    return sharpnessAware(tf.train.momentum(0.1, 0.9), sam());
  }

  compile(): void {
    const loss = (ys: tf.Tensor, predicted: tf.Tensor): tf.Tensor =>
      this.#disturbed(tfl.metrics.categoricalCrossentropy(ys, predicted));
    this.model.compile({ optimizer: this.optimizer, loss, metrics: this.#metrics });
  }

  #disturbed(loss: tf.Tensor): tf.Tensor {
    if (++this.#asked !== this.#happens.at || events[this.#happens.what] !== 'loss') return loss;
    if (this.#happens.what === 'the loss is NaN') return tf.mul(loss, Number.NaN);
    if (this.#happens.what === 'the loss throws') throw new Error('no such batch');
    this.optimizer.minimize(() => tf.scalar(0));
    return loss;
  }

  /** Brings it about; the error that training ends with, if any. */
  async meet(event: Event, { xs, ys }: Batch): Promise<unknown> {
    const { what } = event;
    if (what.startsWith('a layer')) this.model.layers[0]!.trainable = what === 'a layer is thawed';
    if (what.endsWith('a new optimizer')) {
      this.optimizer.dispose();
      this.optimizer = this.#made();
    }
    // A layer that is frozen or thawed takes effect when the model is compiled.
    if (events[what] === 'between') {
      this.compile();
      return undefined;
    }
    this.expect(event);
    const callbacks = {
      onBatchEnd: async () => {
        if (what === 'a callback stops the training') this.model.stopTraining = true;
        if (what === 'a callback throws') throw new Error('no such chart');
      },
    };
    try {
      await this.model.fit(xs, ys, { batchSize, epochs: 1, shuffle: false, verbose: 0, callbacks });
      return undefined;
    } catch (error) {
      return error;
    } finally {
      this.expect({ what: 'nothing', at: 0 });
    }
  }

  /** Lets the loss do something at an evaluation to come. */
  expect(event: Event): void {
    this.#happens = event;
    this.#asked = 0;
  }

  /** One step on one of the batches. */
  async step(index: number, { xs, ys }: Batch): Promise<void> {
    const [x, y] = [xs, ys].map((all) => tf.slice(all, index * batchSize, batchSize)) as [tf.Tensor, tf.Tensor];
    try {
      await this.model.trainOnBatch(x, y);
    } finally {
      tf.dispose([x, y]);
    }
  }
}

describe.each(engines)('whatever happens to model.fit, on %s,', (engine) => {
  beforeEach(async () => {
    await use(engine);
    tf.disposeVariables();
  });

  it('the steps that were made are those of a training without it, and the next goes on from there', async () => {
    const data = batch();
    const event: fc.Arbitrary<Event> = fc.record({
      what: fc.constantFrom(...(Object.keys(events) as (keyof typeof events)[])),
      at: fc.integer({ min: 1, max: maxEvaluation }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 5 }), async (program) => {
        const [disturbed, twin] = [new World(), new World()];
        for (const each of [...program, { what: 'nothing', at: 0 } as const]) {
          const { steps } = disturbed.optimizer;
          const error = await disturbed.meet(each, data);
          if (events[each.what] === 'between') await twin.meet(each, data);
          else {
            const made = disturbed.optimizer.steps - steps;
            expect([each, made]).toEqual([each, expectedSteps(each)]);
            for (let index = 0; index < made; index++) await twin.step(index, data);
          }
          if (error !== undefined) expect((error as Error).message).toMatch(explained);
          expect([each, weightsOf(disturbed.model)]).toEqual([each, weightsOf(twin.model)]);
        }
        for (const { model, optimizer } of [disturbed, twin]) {
          model.dispose();
          optimizer.dispose();
        }
      }),
      cases(30),
    );
  });

  // Of its metrics, and of the order of samples, tfjs-layers forgets the tensors itself when a step fails.
  it('a batch that fails at any evaluation leaves no tensor behind', async () => {
    const data = batch();
    const world = new World([]);
    await world.step(0, data);
    for (const what of Object.keys(events) as (keyof typeof events)[]) {
      if (events[what] !== 'loss') continue;
      for (const at of [1, 2]) {
        const before = memory();
        world.expect({ what, at });
        await expect(world.step(0, data)).rejects.toThrow(explained);
        expect([what, at, memory()]).toEqual([what, at, before]);
      }
    }
  });
});

// Two batches of two evaluations each: a fault at the third ends the second step, and the first has been made.
function expectedSteps({ what, at }: Event): number {
  if (events[what] === 'loss') return at <= 2 ? 0 : 1;
  return events[what] === 'callback' ? 1 : 2;
}
