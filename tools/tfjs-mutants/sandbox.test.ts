import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Outcome {
  readonly passed: boolean;
  readonly failed: readonly string[];
  readonly errors: string;
}

interface Box {
  run(tests: string[]): Promise<Outcome>;
  runWith(mutant: object): Promise<Outcome>;
  remove(): void;
}

// Their own folder's JavaScript, which has no types.
const { mutants }: { mutants: readonly { readonly tests: string[] }[] } = await import(
  join(import.meta.dirname, 'mutants.mjs')
);
const { Sandbox }: { Sandbox: new () => Box } = await import(join(import.meta.dirname, 'sandbox.mjs'));

test('tests run in a sandbox as they do in the repository, and fail there where a mistake is made', async () => {
  const sandbox = new Sandbox();
  try {
    const { passed, errors } = await sandbox.run(['learning-rate']);
    expect(passed, errors).toBe(true);
    const mutant = mutants.find(({ tests }) => tests.includes('learning-rate'))!;
    const { failed } = await sandbox.runWith(mutant);
    expect(failed[0]).toContain('a schedule of the learning rate');
  } finally {
    sandbox.remove();
  }
});
