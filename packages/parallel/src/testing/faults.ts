import type { Task } from '../protocol.ts';
import type { EvaluatedPart } from '../serve.ts';

/** What is wrong with an answer, by what is put into it. */
const wrongAnswers: Readonly<Record<`${'no' | 'short' | 'extra'}-gradient` | 'no-samples' | 'no-loss', object>> = {
  'no-gradient': { gradient: undefined },
  'short-gradient': { gradient: { kernel: new Float32Array(2), bias: new Float32Array(1) } },
  'extra-gradient': { gradient: { kernel: new Float32Array(3), bias: new Float32Array(1), more: new Float32Array(1) } },
  'no-samples': { samples: undefined },
  'no-loss': { loss: undefined },
};

/** Something that goes wrong in a worker. */
export interface Fault {
  readonly how: 'throw' | 'throw-text' | 'exit' | 'uncaught' | 'hang' | keyof typeof wrongAnswers;
  /** In the second evaluation of a step, not the first. */
  readonly late?: boolean;
}

/** Goes wrong, if it is time. */
export async function misbehave({ how, late = false }: Fault, { first }: Omit<Task, 'part'>): Promise<void> {
  if (late === first) return;
  if (how === 'throw') throw new RangeError('the data is bad');
  if (how === 'throw-text') throw 'no error, but text';
  if (how === 'exit') process.exit(3);
  if (how === 'uncaught') {
    setTimeout(() => {
      throw new Error('nobody caught this');
    });
    await new Promise(() => {});
  }
  if (how === 'hang') for (;;);
}

/** An answer, made wrong where that is asked for. */
export function spoilt(answer: EvaluatedPart, fault: Fault | undefined): EvaluatedPart {
  return { ...answer, ...wrongAnswers[fault?.how as keyof typeof wrongAnswers] };
}
