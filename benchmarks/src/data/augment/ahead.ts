/**
 * The results of tasks in their order; while one is used, up to `count` further ones are at work or wait to be used.
 * Whoever leaves the loop, by an error or early, waits for those at work: nothing goes on unseen.
 */
export async function* ahead<T>(tasks: Iterable<() => Promise<T>>, count: number): AsyncGenerator<T> {
  const begun: Promise<T>[] = [];
  try {
    for (const task of tasks) {
      const result = task();
      result.catch(() => {}); // it is told when its turn comes, and is no unhandled rejection before
      begun.push(result);
      if (begun.length > count) yield await begun.shift()!;
    }
    while (begun.length > 0) yield await begun.shift()!;
  } finally {
    await Promise.allSettled(begun);
  }
}
