import { EngineError, type EngineInfo, engines, openEngine } from '@flatmin/engines';
import { enableProdMode } from '@tensorflow/tfjs-core';
import { UsageError } from './errors.ts';

/** The engines by the name that `--backend` takes. */
export const backends: ReadonlyMap<string, Pick<EngineInfo, 'description'>> = new Map<
  string,
  Pick<EngineInfo, 'description'>
>([...engines, ['auto', { description: 'the first of these that this machine has' }]]);

/**
 * Makes an engine the one in use. Production mode also silences the greeting and the advice to install another backend.
 *
 * @returns its name: that of the engine taken for `auto`
 * @throws UsageError when this machine lacks it, or the benchmark cannot use it
 */
export async function useBackend(name: string): Promise<string> {
  enableProdMode();
  if (name === 'webgpu') {
    throw new UsageError(
      '--backend webgpu cannot be read synchronously under Node, as the benchmark must; take another',
    );
  }
  try {
    return (await openEngine(name)).name;
  } catch (error) {
    if (error instanceof EngineError) throw new UsageError(error.message.replace(/^engine/, '--backend'));
    throw error;
  }
}
