import { float64 } from '@flatmin/tree';
import { describe, expect, it } from 'vitest';
import { drive, driveAsync } from './drive.ts';
import { type EvaluateRequest, type Evaluation, evaluate, type Procedure, type Request, read } from './protocol.ts';
import { ticks } from './testing/train.ts';

type Leaf = Float64Array;

// Answers with twice the weights, and writes down what it was asked.
function doubling(log: number[] = []): (request: EvaluateRequest<Leaf>) => Evaluation<Leaf> {
  return ({ weights }) => {
    const [w] = weights as Leaf;
    log.push(w!);
    if (w! < 0) throw new Error(`no gradient at ${w}`);
    return { loss: float64.scalar(w!), gradient: float64.scalar(2 * w!) };
  };
}

const lossAt = (w: number): Procedure<Leaf, Evaluation<Leaf>> => evaluate(float64.scalar(w));

function* all(...requests: Request<Leaf>[]): Procedure<Leaf, unknown[]> {
  return (yield { kind: 'all', requests }) as unknown[];
}

const ask = (w: number): Request<Leaf> => ({ kind: 'evaluate', weights: float64.scalar(w) });
const readOf = (x: number): Request<Leaf> => ({ kind: 'read', scalar: float64.scalar(x) });

type Run = <R>(procedure: () => Procedure<Leaf, R>, log?: number[]) => Promise<R>;

const runs: { name: string; run: Run }[] = [
  { name: 'drive', run: async (procedure, log) => drive(procedure(), float64, doubling(log)) },
  { name: 'driveAsync, answered at once', run: (procedure, log) => driveAsync(procedure(), float64, doubling(log)) },
  {
    name: 'driveAsync, answered late',
    run: (procedure, log) => {
      const host = doubling(log);
      const late = {
        ...float64,
        read: () => expect.unreachable('waited for the device'),
        readAsync: async (x: Leaf) => ticks(3).then(() => float64.read(x)),
      };
      return driveAsync(procedure(), late, async (request) => ticks(2).then(() => host(request)));
    },
  },
];

describe.each(runs)('$name', ({ run }) => {
  it('answers evaluations and reads one after the other, and returns the result', async () => {
    const log: number[] = [];
    const result = await run(function* () {
      const first = yield* lossAt(1);
      const second = yield* evaluate(first.gradient as Leaf);
      return [yield* read(first.loss), yield* read(second.loss), yield* read(second.gradient as Leaf)];
    }, log);
    expect(result).toEqual([1, 2, 4]);
    expect(log).toEqual([1, 2]);
  });

  it('answers what is asked at once in the order of asking, however deep', async () => {
    const answers = await run(() => all(readOf(7), { kind: 'all', requests: [readOf(8), ask(3)] }, ask(4)));
    expect(answers).toEqual([
      7,
      [8, { loss: Float64Array.of(3), gradient: Float64Array.of(6) }],
      { loss: Float64Array.of(4), gradient: Float64Array.of(8) },
    ]);
  });

  it('throws an answer that fails into the procedure, which may catch it and go on', async () => {
    const result = await run(function* () {
      try {
        yield* lossAt(-1);
        return 'no error';
      } catch (error) {
        return `${(error as Error).message}, ${yield* read((yield* lossAt(5)).loss)} instead`;
      }
    });
    expect(result).toBe('no gradient at -1, 5 instead');
  });

  it('throws what the procedure does not catch, after its finally', async () => {
    const order: string[] = [];
    const failing = run(function* () {
      try {
        yield* lossAt(-2);
      } finally {
        order.push('finally');
      }
    });
    await expect(failing).rejects.toThrow('no gradient at -2');
    expect(order).toEqual(['finally']);
  });

  it('throws the first failure of several asked at once, by the order of asking', async () => {
    await expect(run(() => all(ask(1), ask(-2), ask(-3)))).rejects.toThrow('no gradient at -2');
  });

  it('passes on what the procedure itself throws', async () => {
    const failing = run(function* (): Procedure<Leaf, never> {
      yield* lossAt(1);
      throw new RangeError('of its own');
    });
    await expect(failing).rejects.toThrow(RangeError);
  });
});

describe('driving without a function that evaluates', () => {
  it('reads, and refuses an evaluation in one sentence', async () => {
    expect(drive(read(float64.scalar(3)), float64)).toBe(3);
    expect(() => drive(lossAt(1), float64)).toThrow(
      'This procedure was to read only, and asked for an evaluation; drive it with a function that evaluates.',
    );
    await expect(driveAsync(lossAt(1), float64)).rejects.toThrow('was to read only');
  });
});

describe('driveAsync, several asked at once', () => {
  it('has all of them under way together', async () => {
    let [running, most] = [0, 0];
    const host = async (): Promise<Evaluation<Leaf>> => {
      most = Math.max(most, ++running);
      await ticks(3);
      running--;
      return { loss: float64.scalar(0), gradient: float64.scalar(0) };
    };
    await driveAsync(all(ask(1), ask(2), ask(3)), float64, host);
    expect(most).toBe(3);
  });

  it('fails only when all have come to rest, since what still computes must keep its inputs', async () => {
    const finished: number[] = [];
    const host = async ({ weights }: EvaluateRequest<Leaf>): Promise<Evaluation<Leaf>> => {
      const [w] = weights as Leaf;
      if (w === 2) throw new Error('at once');
      await ticks(10 * w!);
      finished.push(w!);
      return { loss: float64.scalar(0), gradient: float64.scalar(0) };
    };
    const failing = driveAsync(all(ask(1), ask(2), { kind: 'all', requests: [ask(3)] }), float64, host);
    await expect(failing).rejects.toThrow('at once');
    expect(finished).toEqual([1, 3]);
  });
});
