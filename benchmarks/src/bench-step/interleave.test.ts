import { expect, test } from 'vitest';
import { interleave } from './interleave.ts';

test('tasks take turns, and warm-up rounds leave no times', async () => {
  const order: string[] = [];
  const tasks = ['A', 'B'].map((name) => async () => order.push(name));
  const times = await interleave(tasks, { rounds: 2, warmUpRounds: 1 });
  expect(order.join(' ')).toBe('A B A B A B');
  expect(times.map((ofTask) => ofTask.length)).toEqual([2, 2]);
});

test('a time spans a task from its start until its promise settles, and belongs to that task', async () => {
  let clock = 0;
  const lasting = (milliseconds: number) => async () => {
    await Promise.resolve();
    clock += milliseconds;
  };
  const times = await interleave([lasting(3), lasting(50)], { rounds: 2, warmUpRounds: 1, now: () => clock });
  expect(times).toEqual([
    [3, 3],
    [50, 50],
  ]);
});
