/**
 * Backend-agnostic parameter trees: nested records and arrays of leaves, and the algebra of a backend's
 * leaves.
 *
 * @packageDocumentation
 */
export type { Algebra } from './algebra.ts';
export { type FlatTree, flatten, type TreeStructure, unflatten } from './flatten.ts';
export { scramble, uniforms } from './random.ts';
export { mapSelected, mask, type Selector, select } from './select.ts';
export {
  alike,
  type Entry,
  entries,
  leaves,
  map,
  type ParamTree,
  paths,
  reduce,
  TreeStructureError,
  zip,
} from './tree.ts';
export { type TreeMath, treeMath } from './tree-math.ts';
export { float32, float64 } from './typed-array.ts';
