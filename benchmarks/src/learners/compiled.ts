import type { Plain } from '@flatmin/checkpoint';
import type { Optimizer } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { crossEntropy } from '../models/model.ts';
import type { Learner, Saving } from './learner.ts';

/** Trains a network as its users do: compiled with an optimizer. */
export function compiledLearner<S extends Plain>(model: LayersModel, optimizer: Optimizer & Saving<S>): Learner {
  model.compile({ optimizer, loss: crossEntropy, metrics: ['accuracy'] });
  let steps = 0;
  let earlier = 0; // gradients computed up to the state that was restored
  const gradients = (): number => earlier + gradientEvaluations(optimizer, steps);
  return {
    async step({ xs, ys }) {
      const values = await model.trainOnBatch(xs, ys);
      steps++;
      const [loss, accuracy] = Array.isArray(values) ? values : [values];
      return { loss: loss!, accuracy: accuracy! };
    },
    get gradientEvaluations() {
      return gradients();
    },
    async state() {
      return { gradientEvaluations: gradients(), optimizer: await optimizer.state() };
    },
    async restore(state) {
      await optimizer.restore(state.optimizer as S);
      earlier += state.gradientEvaluations - gradients();
    },
    dispose: () => optimizer.dispose(),
  };
}

/** How many gradients an optimizer has computed in some steps: its own count where it keeps one, else one a step. */
function gradientEvaluations(optimizer: Optimizer, steps: number): number {
  if ('gradientEvaluations' in optimizer && typeof optimizer.gradientEvaluations === 'number') {
    return optimizer.gradientEvaluations;
  }
  return steps;
}
