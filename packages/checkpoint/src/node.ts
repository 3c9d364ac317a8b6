export { readCheckpoint, writeCheckpoint } from './checkpoint-file.ts';
export { writeAtomically } from './write-atomically.ts';
