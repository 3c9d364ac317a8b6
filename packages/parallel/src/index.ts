/**
 * Data-parallel sharpness-aware training: workers evaluate loss and gradient on their parts of a batch.
 *
 * @packageDocumentation
 */
export { BatchStep, type BatchStepOptions } from './batch-step.ts';
export {
  DataParallel,
  type DataParallelOptions,
  dataParallel,
  type ParallelState,
  type ParallelStepReport,
} from './data-parallel.ts';
export type { Floats } from './layout.ts';
export type { Memory } from './memory.ts';
export { type Assignment, type Gathered, openPool, Pool, type PoolOptions } from './pool.ts';
export type { Task } from './protocol.ts';
export { type Rows, split } from './split.ts';
export type { NodeWorker, WebWorker, WorkerModule } from './thread.ts';
export { WorkerError, type WorkerTrouble } from './worker-error.ts';
