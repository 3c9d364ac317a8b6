import '/node_modules/es-module-shims/dist/es-module-shims.wasm.js';

const run = ({ data: { importMap, module } }) => {
  importShim.addImportMap(importMap);
  importShim(module);
};
addEventListener('message', run, { once: true }); // later messages are the module's
