import { html } from 'ghtml';
import type { Table } from './columns.ts';

/** A table that scrolls sideways by itself on a narrow screen; the first cell of a row is its heading. */
export function tableHtml({ columns, rows }: Table, name: string, className = ''): string {
  const align = (index: number): string => (columns[index]?.numeric ? 'number' : '');
  const head = columns.map(({ title }, index) => html`<th scope="col" class="${align(index)}">${title}</th>`);
  const body = rows.map((row) => {
    const cells = row.map((cell, index) =>
      index === 0 ? html`<th scope="row">${cell}</th>` : html`<td class="${align(index)}">${cell}</td>`,
    );
    return html`<tr>!${cells}</tr>`;
  });
  return html`<div class="scroll" role="region" aria-label="${name}" tabindex="0"><table class="${className}">
<thead><tr>!${head}</tr></thead>
<tbody>!${body}</tbody>
</table></div>`;
}
