import * as tf from '@tensorflow/tfjs-core';
import { deviceTensor, type HostTensor, hostTensor } from '../host-tensor.ts';
import type { Saving } from './learner.ts';

/** Where gradient descent with momentum stands. */
export type MomentumState = {
  readonly iterations: number;
  /** The momentum of each weight, in the order of the gradients. */
  readonly accumulations: readonly (HostTensor & { readonly name: string })[];
};

/** Gradient descent with momentum, whose state is had as plain data. */
export class SavedMomentum extends tf.MomentumOptimizer implements Saving<MomentumState> {
  async state(): Promise<MomentumState> {
    const [iterations, ...accumulations] = await this.getWeights();
    iterations!.tensor.dispose(); // made for the caller, unlike the others
    return {
      iterations: this.iterations,
      accumulations: await Promise.all(
        accumulations.map(async ({ name, tensor }) => ({ name, ...(await hostTensor(tensor)) })),
      ),
    };
  }

  /** Only for one that has not taken a step. */
  async restore({ iterations, accumulations }: MomentumState): Promise<void> {
    const weights = [
      { name: 'iter', tensor: tf.scalar(iterations, 'int32') },
      ...accumulations.map(({ name, ...host }) => ({ name, tensor: deviceTensor(host) })),
    ];
    await this.setWeights(weights);
    tf.dispose(weights.map(({ tensor }) => tensor));
  }
}
