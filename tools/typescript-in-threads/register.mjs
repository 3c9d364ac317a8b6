// Lets threads and programs that tests start read TypeScript, which Node does by itself from 22.18 on: `--import` of
// vitest's processes, which what they start inherits.
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const isProgram = isMainThread && (process.argv[1]?.endsWith('.ts') ?? false);
if ((!isMainThread || isProgram) && !process.features.typescript) register('./load.mjs', import.meta.url);
