import { sharded } from '@flatmin/core';
import { sam } from '@flatmin/sam';
import * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { cases } from '../../tree/src/testing/cases.ts';
import { type Trainer, trainer } from './index.ts';
import { engines, use } from './testing/engines.ts';
import { memory } from './testing/memory.ts';
import { climb, lookingBack, selective } from './testing/needy-variants.ts';
import { onTensors, type Samples, type Tensors, tensorsOf } from './testing/regression.ts';

const variants = [sam(), selective(0.05, 2), sharded(climb(0.05), 2), lookingBack(0.05)];

const data: Samples = {
  xs: [
    [1, -1, 0.5],
    [0.25, 2, -1],
    [-0.5, 0.75, 1],
    [2, 0, -2],
  ],
  ys: [1, -1, 0.5, 0],
};

/** What goes wrong in the losses, and what the error then says. */
const spoiled: Readonly<Record<string, readonly [spoil: (losses: () => tf.Tensor) => unknown, message: RegExp]>> = {
  throws: [
    (losses) => {
      losses();
      throw new Error('no such batch');
    },
    /^no such batch$/,
  ],
  'are NaN': [(losses) => tf.mul(losses(), Number.NaN), /is not finite/],
  'are ∞': [(losses) => tf.mul(losses(), Number.POSITIVE_INFINITY), /is not finite/],
  'are one': [(losses) => tf.mean(losses()), /losses returned a tensor of shape \[\] for \d samples; return one loss/],
  'are a promise': [async (losses) => losses(), /losses returned \[object Promise\]; return a tensor/],
  'are nothing': [(losses) => void losses(), /losses returned undefined; return a tensor/],
};

interface Event {
  /** A key of `spoiled`, something done while the step runs, or nothing. */
  readonly what: string;
  readonly at: number;
}

const meanwhile = ['another step is begun', 'it is disposed of', 'the backend is set'];
const event: fc.Arbitrary<Event> = fc.record({
  what: fc.constantFrom('nothing', ...meanwhile, ...Object.keys(spoiled)),
  at: fc.integer({ min: 1, max: 4 }),
});

class World {
  readonly loop: Trainer<Tensors>;
  readonly batch = tensorsOf(data);
  readonly #regression = onTensors();
  happens: Event = { what: 'nothing', at: 0 };
  #asked = 0;

  constructor(variant: (typeof variants)[number]) {
    const { losses, variables } = this.#regression;
    this.loop = trainer({
      base: tf.train.momentum(0.05, 0.9),
      variant,
      variables,
      losses: (batch) => {
        const spoil = ++this.#asked === this.happens.at ? spoiled[this.happens.what]?.[0] : undefined;
        return (spoil ? spoil(() => losses(batch)) : losses(batch)) as tf.Tensor;
      },
    });
  }

  weights = (): number[] => this.#regression.weights();

  step(): Promise<unknown> {
    this.#asked = 0;
    return this.loop.step(this.batch);
  }

  end(): void {
    this.loop.dispose();
    tf.dispose([this.batch, this.#regression.variables] as unknown as tf.TensorContainer);
  }
}

describe.each(engines)('whatever happens to a step of the trainer, on %s,', (engine) => {
  beforeEach(() => use(engine));

  async function disturb(world: World, { what }: Event): Promise<Error | undefined> {
    const running = world.step().then(
      () => undefined,
      (error) => error as Error,
    );
    if (what === 'another step is begun') await expect(world.loop.step(world.batch)).rejects.toThrow('still running');
    if (what === 'it is disposed of') expect(() => world.loop.dispose()).toThrow('a step is still running; await it');
    if (what === 'the backend is set') void tf.setBackend(engine);
    return running;
  }

  it('it is right or ends with an error that tells, and the next is as if the fault had not been', async () => {
    const program = fc.array(event, { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...variants), program, async (variant, events) => {
        const [disturbed, twin] = [new World(variant), new World(variant)];
        for (const each of [...events, { what: 'nothing', at: 0 }]) {
          const { steps } = disturbed.loop;
          const before = memory();
          disturbed.happens = each;
          const error = await disturb(disturbed, each);
          if (error !== undefined) expect(error.message).toMatch(spoiled[each.what]![1]);
          // The first step makes accumulators, and may hold its batch for the next.
          if (error !== undefined || steps > 0) expect([each, memory()]).toEqual([each, before]);
          if (error === undefined) await twin.step();
          expect([each, disturbed.weights()]).toEqual([each, twin.weights()]);
        }
        for (const world of [disturbed, twin]) world.end();
      }),
      cases(75),
    );
  });
});
