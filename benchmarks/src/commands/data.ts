import { Argument, type Command } from 'commander';
import { datasets } from '../data/datasets.ts';
import { normalisationText } from '../data/pixels.ts';
import { UsageError } from '../errors.ts';
import { listenForInterrupt } from '../interrupt.ts';
import { fetchContext } from './fetch-context.ts';
import type { Io } from './io.ts';

/** Adds `data`, which fetches and verifies a data set. */
export function addData(program: Command, io: Io): void {
  const names = [...datasets.keys()].join(', ');
  program
    .command('data')
    .description('fetch a data set if need be, verify it, and show where it is')
    .addArgument(new Argument('[dataset]', names).default('fashion-mnist'))
    .action(async (name: string) => {
      const dataset = datasets.get(name);
      if (dataset === undefined) throw new UsageError(`data set ${name} must be one of ${names}`);
      const { signal, release } = listenForInterrupt(() => io.stderr.write('Stopping.\n'));
      try {
        const { train } = await dataset.load(fetchContext(io.stderr, signal));
        const size = train.shape.slice(0, 2).join(' × ');
        io.stdout.write(
          `${name}: ${dataset.trainImages} training and ${dataset.testImages} test images of ${size} pixels in ${train.classes} classes; networks see ${normalisationText(train.normalisation)}\n`,
        );
        for (const file of dataset.files()) io.stdout.write(`${file.name}  sha256 ${file.sha256}  ${file.path}\n`);
      } finally {
        release();
      }
    });
}
