/**
 * Opens an engine of TensorFlow.js by name, or the best one that is there.
 *
 * @packageDocumentation
 */
export { availability } from './availability.ts';
export type { Availability, EngineInfo, EngineName } from './engine.ts';
export { EngineError } from './engine-error.ts';
export { type OpenedEngine, openEngine } from './open-engine.ts';
export { engines } from './table.ts';
