import { expect, test } from 'vitest';
import { memoryIo } from '../testing/streams.ts';
import { main } from './cli.ts';

test.each([
  [['--networks', 'resnet'], '--networks resnet must be one of'],
  [['--optimizers', 'adam'], '--optimizers adam must be one of'],
  [['--batches', '32,0'], '--batches 0 must be'],
  [['--workers', '1.5'], '--workers 1.5 must be'],
  [['--speed', '11'], '--speed'],
])('%j is refused in one sentence that names it, before anything is timed', async (args, sentence) => {
  const io = memoryIo();
  expect(await main(args, io)).toBe(2);
  expect(io.stdout.text()).toBe('');
  expect(io.stderr.text()).toContain(sentence);
  expect(io.stderr.text().trimEnd().split('\n')).toHaveLength(1);
});
