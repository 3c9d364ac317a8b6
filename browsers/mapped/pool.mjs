import { startWorker } from '/docs/guide/in-the-browser/import-map/start-worker.js';
import { exposePool } from '../inside/pool.mjs';

exposePool(() => startWorker('/browsers/mapped/pool-worker.mjs'));
