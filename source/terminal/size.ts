/** Which layout fits a terminal. Sizes are columns × rows. */

export type Layout = 'wide' | 'standard' | 'single' | 'none';

/** The smallest terminals of each layout; below `single` there is only a card that says so. */
export const LEAST = {
  wide: { columns: 110, rows: 36 },
  standard: { columns: 80, rows: 24 },
  single: { columns: 40, rows: 12 },
} as const;

/** The layout for a terminal of this size. */
export function layoutFor(columns: number, rows: number): Layout {
  for (const layout of ['wide', 'standard', 'single'] as const)
    if (columns >= LEAST[layout].columns && rows >= LEAST[layout].rows) return layout;
  return 'none';
}
