import { describe, expect, it } from 'vitest';
import { element, escaped } from './svg.ts';
import { all, parsed } from './testing/parsed.ts';

describe('an element', () => {
  it('has its text and its attributes escaped, whatever they are', () => {
    const hostile = `</text><script>alert("1")</script> & 'x' <!-- ]]> \u0000\u001b\ud800`;
    const root = parsed(element('svg', { id: hostile }, element('text', {}, escaped(hostile))));
    expect(all(root, 'script')).toEqual([]);
    const kept = hostile.replace('\u0000\u001b\ud800', '\ufffd\ufffd\ufffd');
    expect([root.getAttribute('id'), root.textContent]).toEqual([kept, kept]);
  });

  it('has a colour in its style where a page may set it, and plain for programs that know no variables', () => {
    expect(element('path', { fill: { plain: '#123456', variable: '--ink' }, stroke: { plain: '#654321' } })).toBe(
      '<path fill="#123456" stroke="#654321" style="fill:var(--ink,#123456)"/>',
    );
  });

  it('has numbers in hundredths, and none that is not finite', () => {
    expect(element('rect', { x: 1 / 3, y: -0.001, rx: undefined })).toBe('<rect x="0.33" y="0"/>');
    expect(() => element('rect', { x: Number.NaN })).toThrow('x of rect is NaN');
  });
});
