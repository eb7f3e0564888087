import { describe, expect, test } from 'vitest';
import type { PanelId } from '../../../panels/panel.js';
import { placePanels } from '../../../panels/screen/layout.js';
import { fitted, plain } from '../../../panels/widgets/fit.js';
import { frame } from '../../../panels/widgets/frame.js';
import { sparkline } from '../../../panels/widgets/sparkline.js';

describe('widgets', () => {
  test('only rows in view are built, however many there are', () => {
    let built = 0;
    const content = {
      count: 100_000,
      from: 'end',
      line: (index: number) => {
        built++;
        return [{ text: `row ${index}` }];
      },
    } as const;
    const lines = frame(content, null, { title: 'Logs', width: 40, height: 12, selected: false });
    expect(lines).toHaveLength(12);
    expect(built).toBe(10);
    expect(plain(lines[10] ?? [])).toContain('row 99999');
  });

  test('a sparkline leaves what could not be read blank and never smooths a failure away', () => {
    const points = [
      { at: 0, value: 1 },
      { at: 1_000, value: 1 },
      { at: 1_100, value: 0 },
      { at: 2_000, value: Number.NaN },
      { at: 3_000, value: 1 },
      { at: 9_000, value: 1 },
    ];
    const options = { columns: 4, now: 3_500, span: 4_000, full: 1, worst: 'low' } as const;
    expect(sparkline(points, options)).toBe('█▁ █');
  });

  test('a line is exactly as wide as asked, wide characters kept whole', () => {
    for (let columns = 0; columns < 12; columns++) {
      const shown = plain(fitted([{ text: '容器 ab' }, { text: 'cd', tone: 'ok' }], columns));
      const wide = (shown.match(/[容器]/g) ?? []).length;
      expect(shown.length + wide).toBe(columns);
    }
  });

  test('places fill the screen exactly at every size and in every selection', () => {
    const ids: PanelId[] = ['symptoms', 'finding', 'services', 'logs', 'timeline', 'recovery'];
    for (let columns = 40; columns <= 220; columns += 7)
      for (let rows = 12; rows <= 70; rows += 3)
        for (const selected of ids) {
          const bands = placePanels({ columns, rows }, rows - 3, selected, false);
          for (const band of bands) {
            expect(band.reduce((sum, place) => sum + place.width, 0)).toBe(columns);
            expect(new Set(band.map((place) => place.height)).size).toBe(1);
          }
          expect(bands.reduce((sum, band) => sum + (band[0]?.height ?? 0), 0)).toBe(rows - 3);
          expect(bands.flat().some((place) => place.id === selected)).toBe(true);
        }
  });
});
