import { describePacBayes } from '@flatmin/landscape';
import { html } from 'ghtml';
import { seriesLabels, sharedSettings } from '../report/columns.ts';
import { exactValues } from '../report/exact-values.ts';
import { count, list } from '../report/format.ts';
import { page } from '../report/page.ts';
import { MEANS_LEGEND } from '../report/seeds.ts';
import { tableHtml } from '../report/tables.ts';
import { type LandscapeFigure, landscapeFigures } from './figures.ts';
import type { MeasureOptions } from './measures.ts';
import type { LandscapeResults } from './results.ts';
import { landscapeMeans, landscapeTable } from './table.ts';

/** One self-contained page of the measures of runs: the table, the bound in sentences, and the figures. */
export function landscapePage(results: LandscapeResults): string {
  const runs = results.runs.map(({ run }) => run);
  const labels = seriesLabels(runs);
  const bounds = results.runs.flatMap(({ measured }, position) =>
    measured.pacBayes === undefined
      ? []
      : [html`<p><b>${labels[position]!}.</b> ${describePacBayes(measured.pacBayes.value)}</p>`],
  );
  const names = (key: 'model' | 'dataset'): string => list([...new Set(runs.map((run) => run[key]))]);
  const means = landscapeMeans(results);
  return page(
    `The minima of ${names('model')} on ${names('dataset')}`,
    html`<p class="lead">${sharedSettings(runs).join(' · ')}</p>
<h2>Measures</h2>
!${tableHtml(landscapeTable(results), 'Measures of each minimum')}
!${means === null ? '' : tableHtml(means, 'Means over seeds, and what is above the first, seed by seed')}
<p class="small">${[...legend(results), ...(means === null ? [] : [MEANS_LEGEND])].join(' ')}</p>
!${landscapeFigures(results).map(section)}
!${bounds.length === 0 ? '' : html`<h2>The PAC-Bayes bound</h2>!${bounds}`}
<h2>How they were made</h2>
!${exactValues(runs)}`,
  );
}

/** What the columns of the table mean, with the options that it was measured with. */
function legend({ runs }: LandscapeResults): string[] {
  const settled = (option: keyof MeasureOptions): string => {
    const all = runs.flatMap(({ measured }) => Object.values(measured).flatMap(({ given }) => given[option] ?? []));
    return list([...new Set(all)].map(count));
  };
  return [
    `On the first ${settled('images')} images that each was trained on, in inference mode.`,
    ...(settled('rho') === '' ? [] : [`Sharpness is L(w + ρĝ) − L(w) at ρ = ${settled('rho')}.`]),
    ...(settled('adaptiveRho') === ''
      ? []
      : [`Adaptive is the same in ASAM's metric at ρ = ${settled('adaptiveRho')}.`]),
    'λ₁ and λ₅ are eigenvalues of the Hessian; its trace is ± one standard error.',
    'The second-order term is the one that SAM drops, in lengths of the gradient that it takes.',
  ];
}

function section({ heading, caption, draw }: LandscapeFigure): string {
  return html`<h2>${heading}</h2>
<figure><div class="wide">!${draw({ width: 760 })}</div><div class="narrow">!${draw({ width: 360 })}</div>
<figcaption>${caption}</figcaption></figure>`;
}
