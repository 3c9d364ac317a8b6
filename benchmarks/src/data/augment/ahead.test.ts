import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ahead } from './ahead.ts';

/** Tasks that take `delays` milliseconds, and what is known of them. */
function madeTasks(delays: readonly number[], failing = -1) {
  const state = { begun: 0, ended: 0 };
  function* tasks() {
    for (const [index, delay] of delays.entries()) {
      yield async () => {
        state.begun++;
        await setTimeout(delay);
        state.ended++;
        if (index === failing) throw new Error(`task ${index} failed`);
        return index;
      };
    }
  }
  return { tasks: tasks(), state };
}

test('results come in the order of the tasks, however long each takes', async () => {
  const results: number[] = [];
  for await (const result of ahead(madeTasks([20, 1, 10, 1]).tasks, 2)) results.push(result);
  expect(results).toEqual([0, 1, 2, 3]);
});

test('while a result is used no more than so many further ones are begun', async () => {
  const { tasks, state } = madeTasks(Array(10).fill(1));
  for await (const result of ahead(tasks, 3)) {
    await setTimeout(5);
    expect(state.begun).toBe(Math.min(10, result + 1 + 3));
  }
});

test('who leaves early waits for what has begun, and no more begins', async () => {
  const { tasks, state } = madeTasks([1, 30, 30, 30, 30]);
  for await (const result of ahead(tasks, 2)) {
    expect(result).toBe(0);
    break;
  }
  expect(state).toEqual({ begun: 3, ended: 3 });
});

test('a failure is told in its turn, after the results before it and when the others have ended', async () => {
  const { tasks, state } = madeTasks([20, 1, 40, 1], 1);
  const results: number[] = [];
  const loop = async () => {
    for await (const result of ahead(tasks, 2)) results.push(result);
  };
  await expect(loop()).rejects.toThrow('task 1 failed');
  expect(results).toEqual([0]);
  expect(state.ended).toBe(state.begun);
});
