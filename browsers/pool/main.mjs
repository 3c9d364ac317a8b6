import { exposePool } from '../inside/pool.mjs';

exposePool(() => new Worker(new URL('./worker.mjs', import.meta.url), { type: 'module' }));
