import { engineSteps } from './engine-steps.ts';
import type { StepProgramInput } from './protocol.ts';
import { serveSteps } from './serve-steps.ts';

// The program that `startProgram` starts: one network with one optimizer on one engine, so that nothing else stands in its
// process's lists of tensors and variables.
const input = JSON.parse(process.argv[2]!) as StepProgramInput;
await serveSteps(() => engineSteps(input), process);
process.exit();
