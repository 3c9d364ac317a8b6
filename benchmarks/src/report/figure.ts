import { html } from 'ghtml';
import type { TopLevelSpec } from 'vega-lite';
import { drawSvg } from './draw.ts';

/** A figure drawn for a wide and for a narrow screen: scaled-down text would be too small to read on a phone. */
export async function figure(title: string, caption: string, spec: (width: number) => TopLevelSpec): Promise<string> {
  const [wide, narrow] = await Promise.all([drawSvg(spec(760)), drawSvg(spec(360))]);
  return html`<figure role="group" aria-label="${title}">
<div class="wide" role="img" aria-label="${title}. ${caption}">!${wide}</div>
<div class="narrow" role="img" aria-label="${title}. ${caption}">!${narrow}</div>
<figcaption>${caption}</figcaption>
</figure>`;
}
