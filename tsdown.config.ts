import { defineConfig } from 'tsdown';

/** The one build of every package: run in the package's folder with `--config ../../tsdown.config.ts`. */
export default defineConfig({
  cwd: process.cwd(),
  entry: ['src/index.ts'],
  format: 'esm',
  platform: 'neutral',
  target: 'es2022',
  tsconfig: 'tsconfig.json',
  unbundle: true,
  dts: true,
  sourcemap: true,
  fixedExtension: false,
  failOnWarn: true,
});
