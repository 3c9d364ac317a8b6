// Lets threads that tests start read TypeScript, which Node does by itself from 22.18 on: `--import` of vitest's processes,
// which their threads inherit.
import { register } from 'node:module';
import { isMainThread } from 'node:worker_threads';

if (!isMainThread && !process.features.typescript) register('./load.mjs', import.meta.url);
