import { expect, test } from 'vitest';
import { LogRing, lineCutter, MAX_LINES } from '../../source/engines/embedded/log-ring.js';
import { MAX_LINE } from '../../source/engines/log-line.js';

function cut(...chunks: (string | Buffer)[]): string[] {
  const lines: string[] = [];
  const cutter = lineCutter((text) => lines.push(text));
  for (const chunk of chunks) cutter.take(Buffer.from(chunk as string));
  cutter.end();
  return lines;
}

test('lines come whole however the stream is cut', () => {
  expect(cut('one\ntw', 'o\r\n\nlast')).toEqual(['one', 'two', '', 'last']);
  const bytes = Buffer.from('für\n');
  expect(cut(bytes.subarray(0, 2), bytes.subarray(2))).toEqual(['für']);
});

test('a line without end keeps both its ends and takes no more room', () => {
  const lines = cut('x'.repeat(MAX_LINE - 1), 'y'.repeat(100_000), 'z\nnext\n');
  expect(lines.map((line) => line.length)).toEqual([MAX_LINE, 4]);
  expect(lines[0]).toMatch(/^x+…y+z$/);
});

test.each([
  ['one redraw', '\rpulling 1/3\rpulling 2/3\rfatal: refused\n', 'fatal: refused'],
  [
    'three hundred of them',
    `${'\rpulling layer N/300 [=====>   ]'.repeat(300)}\rfatal: refused\n`,
    'fatal: refused',
  ],
  ['returns at the end only', 'Windows line\r\r\n', 'Windows line'],
  ['a bar that is done', '10 %\r100 %\r\n', '100 %'],
  ['nothing but returns', '\r\r\n', ''],
  ['no newline at all', '10 %\r100 %', '100 %'],
])('a line is what a terminal shows of it: %s', (_, text, shown) => {
  expect(cut(text)).toEqual([shown]);
  // However the stream is cut.
  expect(cut(...[...text].map((one) => one))).toEqual([shown]);
});

test('the ring keeps the newest lines, oldest first', () => {
  const ring = new LogRing();
  for (let i = 0; i < MAX_LINES + 7; i += 1) {
    ring.push({ workload: 'a', at: i, stream: 'stdout', text: String(i) });
  }
  const tail = ring.tail();
  expect(tail).toHaveLength(MAX_LINES);
  expect([tail[0]?.text, tail.at(-1)?.text]).toEqual(['7', String(MAX_LINES + 6)]);
});
