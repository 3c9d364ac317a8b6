import { type Contestant, contestants, type LineUp } from './contestants.ts';
import { interleave } from './interleave.ts';
import { stepOptimizers } from './step-optimizers.ts';
import { rowsOf, type StepRow, type Times } from './step-rows.ts';
import { startProgram, type TimedProgram } from './timed-program.ts';
import { type Timed, timedTask, warmUp } from './timed-task.ts';

/** What is timed. */
export interface BenchStepOptions {
  /** Names of networks. */
  readonly networks: readonly string[];
  /** Engines for each network. */
  readonly enginesOf: (network: string) => readonly string[];
  readonly optimizers: readonly string[];
  readonly rounds: number;
  /** Images a step, for each network. */
  readonly batchOf: (network: string) => number;
  /** A Python that has PyTorch, JAX or both. */
  readonly python?: string | undefined;
  /** Hears how it goes. */
  readonly say: (line: string) => void;
}

/** What was timed on what. */
export interface StepResults {
  /** What each engine is, in its own words. */
  readonly engines: Readonly<Record<string, string>>;
  readonly rows: readonly StepRow[];
}

/** A contestant that has started. */
interface Running {
  readonly contestant: Contestant;
  readonly program: TimedProgram;
}

const warmUpRounds = 1;

/** Times one training step of every network with every optimizer on every engine and peer, network by network. */
export async function benchStep(options: BenchStepOptions): Promise<StepResults> {
  const { networks, enginesOf, optimizers, batchOf, python, ...how } = options;
  const rows: StepRow[] = [];
  const engines: Record<string, string> = {};
  for (const network of networks) {
    const lineUp = {
      network,
      batch: batchOf(network),
      engines: enginesOf(network),
      optimizers,
      ...(python && { python }),
    };
    const results = await timeTogether([lineUp], how);
    rows.push(...results.rows);
    Object.assign(engines, results.engines);
  }
  return { engines, rows };
}

/** Times all contestants of some line-ups, in turns. */
export async function timeTogether(
  lineUps: readonly LineUp[],
  { rounds, say }: Pick<BenchStepOptions, 'rounds' | 'say'>,
): Promise<StepResults> {
  const running: Running[] = [];
  try {
    for (const lineUp of lineUps) {
      for (const contestant of contestants(lineUp)) {
        const program = await started(contestant, say);
        if (program) running.push({ contestant, program });
      }
    }
    say(
      `${[...new Set(lineUps.map(({ network }) => network))].join(', ')}: ${rounds} rounds of ${running.length} programs…`,
    );
    const engines = Object.fromEntries(running.map(({ contestant, program }) => [contestant.engine, program.ready]));
    return { engines, rows: rowsOf(await timesOf(running, rounds)) };
  } finally {
    for (const { program } of running) program.close();
  }
}

async function started(contestant: Contestant, say: (line: string) => void): Promise<TimedProgram | undefined> {
  const { engine, optimizer, network, command, args, optional } = contestant;
  try {
    return await startProgram(`${engine} with ${optimizer} on ${network}`, command, args);
  } catch (error) {
    if (!optional) throw error;
    say(`Left out: ${(error as Error).message}`);
    return undefined;
  }
}

async function timesOf(running: readonly Running[], rounds: number): Promise<Times[]> {
  const tasks = running.map(({ contestant: { optimizer }, program }) => ({
    step: timedTask(program, 'step', stepOptimizers.get(optimizer)!.cycle ?? 1),
    gradient: timedTask(program, 'gradient', 1),
  }));
  const turns = tasks.flatMap(({ step, gradient }) => [step, gradient]);
  for (const turn of turns) await warmUp(turn);
  const results = await interleave(turns, { rounds, warmUpRounds });
  const timesOfTask = (task: () => Promise<Timed>): Timed[] => results[turns.indexOf(task)]!;
  return tasks.map(({ step, gradient }, index) => {
    const steps = timesOfTask(step);
    return {
      contestant: running[index]!.contestant,
      step: steps.map(({ ms }) => ms),
      gradients: steps[0]!.gradients,
      gradient: timesOfTask(gradient).map(({ ms }) => ms),
    };
  });
}
