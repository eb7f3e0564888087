import { SYMBOL } from '../../source/terminal/symbols.js';

/** A bar of `columns` columns, filled by `share` (0 to 1). A share that is not known gives an empty bar. */
export function progressBar(share: number | null, columns: number): string {
  const room = Math.max(0, Math.floor(columns));
  const filled = Math.round(Math.max(0, Math.min(1, share ?? 0)) * room);
  return SYMBOL.bar.repeat(filled) + SYMBOL.barRest.repeat(room - filled);
}
