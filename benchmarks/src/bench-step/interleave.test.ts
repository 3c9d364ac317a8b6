import { expect, test } from 'vitest';
import { interleave } from './interleave.ts';

test('tasks take turns, and warm-up rounds leave no results', async () => {
  const order: string[] = [];
  const tasks = ['A', 'B'].map((name) => async () => `${name}${order.push(name)}`);
  const results = await interleave(tasks, { rounds: 2, warmUpRounds: 1 });
  expect(order.join(' ')).toBe('A B A B A B');
  expect(results).toEqual([
    ['A3', 'A5'],
    ['B4', 'B6'],
  ]);
});

test('a turn begins when the one before it is over', async () => {
  let running = 0;
  const task = async () => {
    expect(running++).toBe(0);
    await Promise.resolve();
    running--;
  };
  await interleave([task, task], { rounds: 3, warmUpRounds: 0 });
});
