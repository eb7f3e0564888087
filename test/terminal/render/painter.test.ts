import xterm from '@xterm/headless';
import { describe, expect, test } from 'vitest';
import { plain } from '../../../panels/widgets/fit.js';
import { createPainter, type Rows } from '../../../source/terminal/painter.js';
import { seededRandom } from '../../linux/seeded-random.js';

const COLUMNS = 24;

function open(rows = 4, colors = true, ascii = false) {
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows, allowProposedApi: true });
  const writes: string[] = [];
  const painter = createPainter({ write: (text) => writes.push(text), colors, ascii });
  const screen = async (): Promise<string[]> => {
    for (const text of writes.splice(0)) await new Promise<void>((done) => terminal.write(text, done));
    const { active } = terminal.buffer;
    return Array.from(
      { length: rows },
      (_, y) => active.getLine(active.baseY + y)?.translateToString() ?? '',
    );
  };
  return { terminal, painter, writes, screen };
}

const line = (...texts: string[]): Rows[number] => {
  const rest = COLUMNS - texts.join('').length;
  return [...texts.map((text) => ({ text, tone: 'critical' as const })), { text: ' '.repeat(rest) }];
};

describe('the painter', () => {
  test('paints rows, then only what differs', async () => {
    const { painter, writes, screen } = open();
    painter.paint([line('a', 'b'), line('unchanged'), line('c')]);
    expect((await screen()).map((row) => row.trimEnd())).toEqual(['ab', 'unchanged', 'c', '']);
    painter.paint([line('a', 'x'), line('unchanged'), line('c')]);
    expect(writes.join('')).not.toMatch(/unchanged|a|c$/);
    expect((await screen())[0]?.trimEnd()).toBe('ax');
    painter.paint([line('a', 'x'), line('unchanged'), line('c')]);
    expect(writes).toEqual([]);
  });

  test('a screen that something else has written on is painted again in full', async () => {
    const { painter, terminal, screen } = open();
    painter.paint([line('first'), line('second')]);
    await screen();
    await new Promise<void>((done) => terminal.write('\x1b[1;1Hscribble\r\n\n\nmore', done));
    painter.repaint();
    expect((await screen()).map((row) => row.trimEnd())).toEqual(['first', 'second', '', '']);
  });

  test('another size clears what stood there', async () => {
    const { painter, screen } = open();
    painter.paint([line('first'), line('second'), line('third')]);
    painter.paint([line('only')]);
    expect((await screen()).map((row) => row.trimEnd())).toEqual(['only', '', '', '']);
  });

  test('without colours there is no colour, with ASCII nothing but ASCII', () => {
    const bare = open(4, false);
    bare.painter.paint([line('●')]);
    expect(bare.writes.join('')).not.toMatch(/\x1b\[[1-9][\d;]*m/);
    const ascii = open(4, true, true);
    ascii.painter.paint([line('● ╭─')]);
    expect(ascii.writes.join('')).toContain('o +-');
  });

  test('whatever the rows before, the screen shows the rows painted last', async () => {
    const random = seededRandom(7);
    const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
    const { painter, screen } = open(6);
    const row = (): Rows[number] => {
      const runs: { text: string; tone?: 'ok' | 'frame' }[] = [];
      let left = COLUMNS;
      while (left > 0) {
        const text = pick(['a', 'bc', '  ', '▁▂█', '漢字', '12', ' ', '● ok']);
        const size = text === '漢字' ? 4 : text.length;
        if (size > left) runs.push({ text: ' '.repeat(left) });
        else runs.push(random() < 0.5 ? { text } : { text, tone: pick(['ok', 'frame']) });
        left -= Math.min(size, left);
      }
      return runs;
    };
    let rows = Array.from({ length: 6 }, row);
    for (let step = 0; step < 300; step++) {
      rows = rows.map((old) => (random() < 0.6 ? old : row()));
      painter.paint(rows);
      expect(await screen()).toEqual(rows.map(plain));
    }
  });
});
