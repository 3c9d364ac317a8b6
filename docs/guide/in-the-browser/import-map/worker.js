import '/node_modules/es-module-shims/dist/es-module-shims.wasm.js';

addEventListener('message', ({ data: { importMap, module } }) => {
  importShim.addImportMap(importMap);
  importShim(module);
});
