/** Runs the contestants in turns, so that a busy machine is equally unkind to each, and prints their median times. */
export function race(title, contestants, rounds = 9) {
  const names = Object.keys(contestants);
  const times = names.map(() => []);
  for (let round = -2; round < rounds; round++) {
    names.forEach((name, index) => {
      const { before, run } = contestants[name];
      before?.();
      const start = performance.now();
      run();
      if (round >= 0) times[index].push(performance.now() - start);
    });
  }
  const medians = times.map((list) => list.sort((a, b) => a - b)[list.length >> 1]);
  const columns = names.map((name, index) => `${name} ${medians[index].toFixed(1).padStart(7)} ms`);
  console.log(`${title.padEnd(64)}${columns.join('   ')}`);
}
