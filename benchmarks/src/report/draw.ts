import { parse, View } from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';

/** A figure as an SVG element, drawn without a browser. Vega escapes all text of the data. */
export async function drawSvg(spec: TopLevelSpec): Promise<string> {
  const view = new View(parse(compile(spec).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  return svg;
}
