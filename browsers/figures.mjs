// A figure drawn in the page by the built package, found through the import map alone.
import { visit } from './chromium.mjs';
import { told } from './told.mjs';

/** Draws it; it must be what Node draws. */
export async function* runFigures(browser, url) {
  yield told('figures, import map', async () => {
    const expected = draw(await import('@flatmin/landscape/plot'));
    const drawn = await visit(browser, `${url}/mapped`, (page) => page.evaluate(inPage, draw.toString()));
    if (drawn !== expected) throw new Error('it draws another figure than Node');
  });
}

// Losses that every engine computes to the same bits.
function draw({ contourFigure, surfaceFigure }) {
  const axis = Array.from({ length: 9 }, (_, i) => (i - 4) / 4);
  const surface = { axis, losses: axis.map((a) => axis.map((b) => a * a + 3 * b * b)), centre: 0 };
  const panels = [{ title: 'L = a² + 3b²', surface }];
  return surfaceFigure(panels, { clip: 3 }) + contourFigure(panels);
}

async function inPage(source) {
  const drawn = new Function(`return ${source}`)();
  return drawn(await import('@flatmin/landscape/plot'));
}
