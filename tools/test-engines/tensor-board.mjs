// What the TensorBoard callback of the native addon writes of a training with diagnostics: `node tensor-board.mjs`.
// Its last line says in JSON which entries are missing from the file, or that there is no addon.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineError, openEngine } from '@flatmin/engines';
import { sam } from '@flatmin/sam';
import { logDiagnostics, sharpnessAware } from '@flatmin/tfjs';
import { dataset, momentum, network } from './problem.mjs';

const entries = ['loss', 'perturbedLoss', 'gradientNorm', 'epsilonNorm', 'cosine'];

async function missing() {
  const { name } = await openEngine('tensorflow');
  const native = createRequire(import.meta.url)(`@tensorflow/${name === 'tensorflow' ? 'tfjs-node' : 'tfjs-node-gpu'}`);
  const folder = mkdtempSync(join(tmpdir(), 'flatmin-tensor-board-'));
  try {
    const optimizer = sharpnessAware(momentum(), sam({ rho: 0.05 }), { diagnostics: true });
    const model = network();
    model.compile({ optimizer, loss: 'categoricalCrossentropy' });
    const callbacks = logDiagnostics(optimizer, native.node.tensorBoard(folder, { updateFreq: 'batch' }));
    const { xs, ys } = dataset();
    await model.fit(xs, ys, { batchSize: 16, epochs: 2, verbose: 0, callbacks });
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const written = files.map(({ parentPath, name: file }) => readFileSync(join(parentPath, file), 'latin1')).join('');
    return entries.flatMap((entry) => [`batch_${entry}`, `epoch_${entry}`]).filter((tag) => !written.includes(tag));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const result = await missing().then(
  (lacking) => ({ lacking }),
  (error) =>
    error instanceof EngineError && error.kind === 'absent' ? { absent: error.message } : { error: error.stack },
);
process.stdout.write(`\n${JSON.stringify(result)}\n`, () => process.exit());
