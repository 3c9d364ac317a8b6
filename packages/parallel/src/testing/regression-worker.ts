// A worker of the tests: a linear regression on plain numbers, with faults to be asked for.
import { serve } from '../worker.ts';
import { type Fault, misbehave, spoilt } from './faults.ts';
import { onPart, type Samples, start } from './regression.ts';

serve<Samples & { readonly fault?: Fault }>(({ index, data }) => {
  const { refuse, other } = (data ?? {}) as { readonly refuse?: number; readonly other?: number };
  if (refuse === index) throw new Error('there is no model');
  if (other === index) return { weights: { kernel: new Float32Array(4) }, evaluate: () => ({ loss: 0, samples: 1 }) };
  return {
    ...start(),
    async evaluate(weights, { part, statistics, ...task }) {
      if (part.fault !== undefined) await misbehave(part.fault, task);
      return spoilt(onPart(weights, statistics, part, task), part.fault);
    },
  };
});
