import { mean } from 'd3-array';
import { discordant } from '../answers.ts';
import type { Table } from '../report/columns.ts';
import { count, missing, percent } from '../report/format.ts';
import { columnsOf } from '../report/plain-table.ts';
import type { MetricsLine, RunSummary, Summary } from '../results.ts';
import type { Results } from '../results-folder.ts';
import { described, runKey } from '../settings.ts';
import { mcnemar } from '../statistics/paired.ts';
import { FOUNDING_EPOCHS, foundingRows, foundingTable } from './founding-table.ts';
import { type PlanOptions, planned } from './plan.ts';

/** `seed-table.json`: the runs of the founding table, how they did towards their end, and how those of a row compare. */
export interface FoundingResults extends Summary {
  /**
   * Of each run the mean test accuracy after its last twelve epochs, on 2,000 test images: at a constant learning rate
   * the accuracy after one epoch jumps about.
   */
  readonly lastEpochs: readonly (number | null)[];
  readonly comparisons: readonly Comparison[];
}

/** Epochs at the end of a run. */
const LAST = 12;

/** Two networks that judged the same images. */
export interface Comparison {
  readonly dataset: string;
  readonly model: string;
  /** Images that only one of them gets right. */
  readonly onlySgd: number;
  readonly onlySam: number;
  /** McNemar's exact test, two-sided. */
  readonly mcnemar: number;
}

/** The finished runs of the founding table among results, at this scale, and the comparison of each row that has both. */
export function foundingResults({ runs, metrics }: Results, options: PlanOptions): FoundingResults {
  const answersOf = (run: RunSummary): string | undefined => {
    const line = metrics.find((one) => one.kind === 'answers' && one.run === runs.indexOf(run));
    return line?.kind === 'answers' ? line.right : undefined;
  };
  const keys = planned(foundingTable, options).map((one) => runKey(described(one)));
  const asked = keys.map((key) => runs.find((run) => run.testAccuracy !== null && runKey(run) === key));
  const rows = foundingRows.map((_, row) => [asked[2 * row], asked[2 * row + 1]] as const);
  const comparisons = rows.flatMap(([sgd, sam]): Comparison[] => {
    const [one, other] = [sgd && answersOf(sgd), sam && answersOf(sam)];
    if (sgd === undefined || one === undefined || other === undefined) return [];
    const { onlyOne: onlySgd, onlyOther: onlySam } = discordant(one, other);
    return [{ dataset: sgd.dataset, model: sgd.model, onlySgd, onlySam, mcnemar: mcnemar(onlySgd, onlySam) }];
  });
  const found = rows.flat().filter((run) => run !== undefined);
  return { runs: found, lastEpochs: found.map((run) => meanOfLast(metrics, runs.indexOf(run))), comparisons };
}

/** Each row of the founding table beside what the founding document states. */
export function foundingComparison({ runs, lastEpochs, comparisons }: FoundingResults): Table {
  const last = (run: RunSummary | undefined): number | null => (run && lastEpochs[runs.indexOf(run)]) ?? null;
  const titles = [
    'batch',
    'SGD',
    'SAM',
    'SGD, founding',
    'SAM, founding',
    `SGD, last ${LAST}`,
    `SAM, last ${LAST}`,
    'only SGD right',
    'only SAM right',
    'McNemar p',
  ];
  return {
    columns: columnsOf(['network', 'data', 'run'], titles),
    rows: foundingRows.map((row) => {
      const [sgd, sam] = [find(runs, row, 'sgd'), find(runs, row, 'sam')];
      const paired = comparisons.find(({ dataset, model }) => dataset === row.sgd.dataset && model === row.sgd.model);
      return [
        row.network,
        row.dataset,
        scaleOf(sgd ?? sam, row.sgd.trainImages),
        count(row.sgd.batchSize),
        percent(sgd?.testAccuracy ?? null),
        percent(sam?.testAccuracy ?? null),
        percent(row.founding.sgd),
        percent(row.founding.sam),
        percent(last(sgd)),
        percent(last(sam)),
        paired === undefined ? missing : count(paired.onlySgd),
        paired === undefined ? missing : count(paired.onlySam),
        paired === undefined ? missing : paired.mcnemar.toPrecision(2),
      ];
    }),
  };
}

/** The mean of a run's last epochs; null where it has fewer. */
function meanOfLast(metrics: readonly MetricsLine[], run: number): number | null {
  const epochs = metrics.flatMap((line) => (line.kind === 'epoch' && line.run === run ? [line.testAccuracy] : []));
  return epochs.length < LAST ? null : mean(epochs.slice(-LAST))!;
}

/** `100 epochs`, or what there is less of it than the founding document has. */
function scaleOf(run: RunSummary | undefined, images: number): string {
  if (run === undefined) return 'not run';
  const epochs =
    run.epochs === FOUNDING_EPOCHS ? `${FOUNDING_EPOCHS} epochs` : `${run.epochs} of ${FOUNDING_EPOCHS} epochs`;
  return run.trainImages === images ? epochs : `${epochs}, ${count(run.trainImages)} of ${count(images)} images`;
}

/** Of the runs of {@link FoundingResults}, which has one of each row and optimizer. */
function find(
  runs: readonly RunSummary[],
  row: (typeof foundingRows)[number],
  optimizer: 'sgd' | 'sam',
): RunSummary | undefined {
  const { dataset, model } = row[optimizer];
  return runs.find((run) => run.dataset === dataset && run.model === model && run.optimizer === optimizer);
}
