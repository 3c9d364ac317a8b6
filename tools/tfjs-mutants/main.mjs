// Plausible mistakes in @flatmin/tfjs, one at a time, each of which a test must notice: `npm run test:mutants:tfjs`, or
// those of some files by `npm run test:mutants:tfjs -- fit.ts weight-decay.ts`.
import { availableParallelism } from 'node:os';
import { mutants, troubleWith } from './mutants.mjs';
import { Sandbox } from './sandbox.mjs';

const asked = process.argv.slice(2);
const chosen = mutants.filter(({ file }) => asked.length === 0 || asked.includes(file));

/** Runs a function for each element, as many at once as there are sandboxes. */
async function forEach(elements, sandboxes, f) {
  const queue = [...elements];
  const work = async (sandbox) => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await f(next, sandbox);
  };
  await Promise.all(sandboxes.map(work));
}

/** What came of one mutant, and which test noticed or what went wrong. */
function verdictOn({ passed, failed, errors }) {
  if (failed.length > 0) return ['caught', failed[0]];
  return passed ? ['SURVIVED', ''] : ['BROKEN', `no test could tell: ${errors.split('\n')[0]}`];
}

/** Whether all tests pass where nothing was changed. */
async function isSane(sandboxes) {
  let sane = true;
  await forEach(new Set(chosen.flatMap(({ tests }) => tests)), sandboxes, async (name, sandbox) => {
    const { passed, failed, errors } = await sandbox.run([name]);
    if (passed) return;
    sane = false;
    process.stderr.write(`error: without a mutant, ${name}.test.ts fails: ${failed[0] ?? errors}\n`);
  });
  return sane;
}

async function judge(sandboxes) {
  let caught = 0;
  await forEach(chosen, sandboxes, async (mutant, sandbox) => {
    const [verdict, by] = verdictOn(await sandbox.runWith(mutant));
    if (verdict === 'caught') caught++;
    process.stdout.write(`${verdict.padEnd(8)}  ${mutant.file}: ${mutant.mistake}\n          ${by}\n`);
  });
  process.stdout.write(`\n${caught} of ${chosen.length} mutants caught\n`);
  return caught === chosen.length;
}

async function main() {
  const rotten = mutants.flatMap((mutant) => {
    const trouble = troubleWith(mutant);
    return trouble === undefined ? [] : [`error: ${mutant.file}, "${mutant.mistake}": ${trouble}\n`];
  });
  for (const line of rotten) process.stderr.write(line);
  if (rotten.length > 0 || chosen.length === 0) return false;
  const sandboxes = Array.from({ length: Math.min(4, availableParallelism()) }, () => new Sandbox());
  try {
    return (await isSane(sandboxes)) && (await judge(sandboxes));
  } finally {
    for (const sandbox of sandboxes) sandbox.remove();
  }
}

process.exitCode = (await main()) ? 0 : 1;
