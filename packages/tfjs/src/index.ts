/**
 * Sharpness-aware training for TensorFlow.js: one line around any `tf.train` optimizer.
 *
 * @packageDocumentation
 */
export { tensors } from './algebra.ts';
export { assignVariables, type NamedValues } from './assign-variables.ts';
export type { Batch, HostBatch, InputsAndTargets } from './batch.ts';
export type { BatchDataset, BatchStream, Cutting, TrainingData } from './epoch-data.ts';
export type { EpochProgress, FitOptions, History, StepProgress, StepReport } from './fit.ts';
export { logDiagnostics } from './log-diagnostics.ts';
export {
  type ReplicaAnswer,
  type ReplicaOptions,
  type ReplicaTask,
  replica,
  type VariablesReplica,
} from './replica.ts';
export type { HostTensor, NamedTensors, OptimizerState, Part, PartState } from './saved-state.ts';
export { SavingOptimizer } from './saving-optimizer.ts';
export { sharpnessAware } from './sharpness-aware.ts';
export { SharpnessAwareOptimizer } from './sharpness-aware-optimizer.ts';
export type { SharpnessAwareOptions } from './sharpness-aware-options.ts';
export { Trainer, trainer } from './trainer.ts';
export type { TrainerOptions, TrainerState } from './trainer-options.ts';
export { useVariants } from './use-variants.ts';
export { WeightDecayOptimizer, type WeightDecayOptions, weightDecay } from './weight-decay.ts';
export {
  type Gradients,
  type LossAndGradients,
  type OrderedGradient,
  WrappingOptimizer,
} from './wrapping-optimizer.ts';
