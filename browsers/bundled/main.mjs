import './expose.mjs';

new Worker(new URL('./expose.mjs', import.meta.url), { type: 'module' });
