import './main.js';

new Worker(new URL('main.js', import.meta.url), { type: 'module' });
