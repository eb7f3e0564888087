import { type Line, type Span, span } from '../panel.js';

/** Items side by side, as many a line as fit, two blanks between. */
export function flow(items: readonly Span[][], width: number): Line[] {
  const out: Span[][] = [[]];
  let used = 0;
  for (const item of items) {
    const size = item.reduce((sum, part) => sum + part.text.length, 0);
    if (used > 0 && used + 2 + size > width) {
      out.push([]);
      used = 0;
    }
    const current = out.at(-1) as Span[];
    if (used > 0) current.push(span('  '));
    current.push(...item);
    used += size + 2;
  }
  return out;
}
