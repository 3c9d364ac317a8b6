/**
 * Sharpness-Aware Minimization (SAM), as a small pure procedure over any backend.
 *
 * @packageDocumentation
 */
export { type SamOptions, sam } from './sam.ts';
