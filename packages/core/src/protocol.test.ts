import { float64 } from '@flatmin/tree';
import { describe, expect, it } from 'vitest';
import { drive } from './drive.ts';
import { type EvaluateRequest, type Evaluation, evaluate, type Procedure, read, relay, together } from './protocol.ts';

type Leaf = Float64Array;

const host = ({ weights }: EvaluateRequest<Leaf>): Evaluation<Leaf> => {
  const [w] = weights as Leaf;
  if (w! < 0) throw new Error(`no gradient at ${w}`);
  return { loss: float64.scalar(w!), gradient: float64.scalar(2 * w!) };
};

// Evaluates at each of some weights in turn; returns their losses, and tells when it is closed.
function* visit(weights: readonly number[], closed: string[] = [], name = ''): Procedure<Leaf, number[]> {
  const losses: number[] = [];
  try {
    for (const w of weights) losses.push((yield* evaluate(float64.scalar(w))).loss[0]!);
    return losses;
  } finally {
    closed.push(name);
  }
}

const run = <R>(procedure: Procedure<Leaf, R>): R => drive(procedure, float64, host);

describe('together', () => {
  it('returns the results in order, of procedures that end at different times', () => {
    expect(run(together([visit([1, 2, 3]), visit([]), visit([4])]))).toEqual([[1, 2, 3], [], [4]]);
    expect(run(together([]))).toEqual([]);
  });

  it('runs in lock-step: the requests of one turn travel together', () => {
    const procedure = together([visit([1, 2]), visit([3])]);
    const asked: number[][] = [];
    let turn = procedure.next();
    while (turn.done !== true) {
      const requests = (turn.value.kind === 'all' ? turn.value.requests : []) as EvaluateRequest<Leaf>[];
      asked.push(requests.map(({ weights }) => (weights as Leaf)[0]!));
      turn = procedure.next(requests.map(host));
    }
    expect(asked).toEqual([[1, 3], [2]]);
  });

  it('closes all when the host fails, and throws its error', () => {
    const closed: string[] = [];
    expect(() => run(together([visit([1], closed, 'a'), visit([-1], closed, 'b'), visit([2], closed, 'c')]))).toThrow(
      'no gradient at -1',
    );
    expect(closed.sort()).toEqual(['a', 'b', 'c']);
  });

  it('closes the others when one of them fails on its own', () => {
    const closed: string[] = [];
    function* failing(): Procedure<Leaf, number[]> {
      yield* evaluate(float64.scalar(1));
      throw new Error('of its own');
    }
    expect(() => run(together([visit([1, 2], closed, 'a'), failing(), visit([1, 2], closed, 'c')]))).toThrow(
      'of its own',
    );
    expect(closed).toEqual(['a', 'c']);
  });

  it('closes those inside relays and inside others of its kind', () => {
    const closed: string[] = [];
    const inner = [relay(visit([1, 2], closed, 'relayed'), {}), visit([1, 2], closed, 'plain')];
    const outer = [relay(together(inner), {}), relay(together([visit([1, -2])]), {})];
    expect(() => run(together(outer))).toThrow('no gradient at -2');
    expect(closed.sort()).toEqual(['plain', 'relayed']);
  });
});

describe('a relay', () => {
  const plusTen = (request: EvaluateRequest<Leaf>): EvaluateRequest<Leaf> => ({
    ...request,
    weights: float64.add(request.weights as Leaf, 10),
  });

  it('rewrites requests on their way, inside an all too, and leaves reads alone', () => {
    function* both(): Procedure<Leaf, unknown> {
      const losses = yield* together<Leaf, unknown>([visit([1, 2]), together([visit([3])])]);
      return { losses, read: yield* read(float64.scalar(5)) };
    }
    const rewritten = relay(both(), { request: (r) => (r.kind === 'evaluate' ? plusTen(r) : r) });
    expect(run(rewritten)).toEqual({ losses: [[11, 12], [[13]]], read: 5 });
  });

  it('shows each answer with the request as it was asked, before the rewriting', () => {
    const seen: unknown[] = [];
    const watched = relay(together([visit([1]), visit([2])]), {
      request: (r) => (r.kind === 'evaluate' ? plusTen(r) : r),
      answered: (r, answer) => {
        if (r.kind === 'evaluate') seen.push([(r.weights as Leaf)[0], (answer as Evaluation<Leaf>).loss[0]]);
      },
    });
    run(watched);
    expect(seen).toEqual([
      [1, 11],
      [2, 12],
    ]);
  });

  it('rewrites answers on their way back, inside an all too', () => {
    const negated = relay(together([visit([1, 2]), visit([3])]), {
      answer: (_, answer) => ({
        ...(answer as Evaluation<Leaf>),
        loss: Float64Array.of(-(answer as Evaluation<Leaf>).loss[0]!),
      }),
    });
    expect(run(negated)).toEqual([[-1, -2], [-3]]);
  });

  it('hands errors through to the procedure, which may catch them; a failed request was not answered', () => {
    let answered = 0;
    function* careful(): Procedure<Leaf, string> {
      try {
        yield* evaluate(float64.scalar(-1));
      } catch {
        return `caught, then ${(yield* evaluate(float64.scalar(6))).loss[0]}`;
      }
      return 'no error';
    }
    expect(run(relay(careful(), { answered: () => answered++ }))).toBe('caught, then 6');
    expect(answered).toBe(1);
  });

  it('closes its procedure when it is closed itself', () => {
    const closed: string[] = [];
    const watched = relay(visit([1, 2], closed, 'inner'), {});
    watched.next();
    watched.return([]);
    expect(closed).toEqual(['inner']);
  });
});
