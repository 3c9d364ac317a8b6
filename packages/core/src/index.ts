/**
 * The generic two-step perturbation optimizer: a variant is a procedure that asks for gradients, a host
 * answers, and a base optimizer takes the direction to new weights.
 *
 * @packageDocumentation
 */
export {
  type Algebra,
  float32,
  float64,
  leaves,
  map,
  type ParamTree,
  type TreeMath,
  TreeStructureError,
  zip,
} from '@flatmin/tree';
export { accumulate } from './accumulate.ts';
export { type AdamOptions, type AdamwOptions, adam, adamw } from './adam.ts';
export { Arena } from './arena.ts';
export type { Asked, LossAndGradient } from './asked.ts';
export { type BaseDefinition, type BaseOptimizer, type BaseStep, type BaseUpdate, defineBase } from './base.ts';
export { checkEvaluation } from './check-evaluation.ts';
export { type Bound, type ClipOptions, clip } from './clip.ts';
export type { DecayOptions } from './decay.ts';
export { withDiagnostics } from './diagnostics.ts';
export { drive, driveAsync, type Evaluate, type EvaluateAsync, type Losses, type LossesAsync } from './drive.ts';
export { type Elementwise, elementwise } from './elementwise.ts';
export { every } from './every.ts';
export { gradientRange } from './gradient-count.ts';
export { type AsyncHost, checkNeeds, type Host, type Offer } from './host.ts';
export { type MomentumOptions, momentum } from './momentum.ts';
export { NonFiniteError } from './non-finite.ts';
export { checkKeys, checkLearningRate, checkNumber, checkSchedule, type Range } from './options.ts';
export { addSteepest, steepest } from './p-ball.ts';
export { plain } from './plain.ts';
export { fromPlain, type PlainData, toPlain } from './plain-data.ts';
export {
  type About,
  type AllRequest,
  type EvaluateRequest,
  type Evaluation,
  evaluate,
  type LossesRequest,
  losses,
  type Procedure,
  type ReadRequest,
  type Relay,
  type Request,
  read,
  relay,
  type Shard,
  together,
} from './protocol.ts';
export type { Random } from './random.ts';
export { type Recipe, recipeOf, useVariants, type VariantMaker, variantOf } from './recipe.ts';
export { type RhoFactor, rhoByPath } from './rho-by-path.ts';
export { checkSelector, type LeafSelector, maskOf, type Role, roleOf, rolesOf, selects } from './roles.ts';
export {
  type Clock,
  cosine,
  type Glide,
  linear,
  type NamedSchedule,
  type Proportional,
  proportional,
  type Schedule,
  type Tracking,
  tracking,
  valueAt,
  type WarmUp,
  warmUp,
} from './schedule.ts';
export { type Proposal, Session } from './session.ts';
export { type Setting, type SettingsOf, settings } from './settings.ts';
export { type SgdOptions, sgd } from './sgd.ts';
export { sharded } from './sharded.ts';
export {
  Optimizer,
  type SharpnessAwareOptions,
  type StepResult,
  sharpnessAware,
} from './sharpness-aware.ts';
export type { BaseSnapshot, OptimizerState, SessionSnapshot } from './snapshot.ts';
export type { Resting, Stored } from './state.ts';
export type { SessionOptions } from './turn.ts';
export {
  type Definition,
  define,
  type GradientCount,
  type Initial,
  type Limit,
  type Made,
  type Need,
  type Outcome,
  type State,
  type StateShape,
  type Step,
  scalarOf,
  treeOf,
  type Variant,
} from './variant.ts';
