import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { cut, sanitise, width } from '../../../source/terminal/sanitise.js';
import { SPARKS, SYMBOL, toAscii } from '../../../source/terminal/symbols.js';

/** The width that Ink lays out with: its own copy of string-width. */
async function inkWidth(): Promise<(text: string) => number> {
  const require = createRequire(import.meta.url);
  const fromInk = createRequire(`${dirname(require.resolve('ink'))}/index.js`);
  return (await import(pathToFileURL(fromInk.resolve('string-width')).href)).default;
}

/** Every character that Unicode has; of what it keeps free or private (its larger part) each 256th stands for the rest. */
function* characters(): Generator<number> {
  for (let code = 0; code <= 0x10ffff; code++)
    if (code % 256 === 0 || !/[\p{Cn}\p{Co}\p{Cs}]/u.test(String.fromCodePoint(code))) yield code;
}

describe('sanitise', () => {
  test.each([
    ['\x1b[31mred\x1b[0m', 'red'],
    ['\x1b]0;title\x07name', 'name'],
    ['\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\', 'link'],
    ['\x1bP1$r0m\x1b\\dcs', 'dcs'],
    ['\x9b2Jc1', 'c1'],
    ['a\x00b\x07c\x7fd\x85e', 'abcd e'],
    ['one\ntwo\tthree\r\nfour', 'one two three  four'],
    ['safe\u202egpj.exe\u2066', 'safegpj.exe'],
    ['zero\u200bwidth\ufeff', 'zerowidth'],
    ['e\u0301te\u0301 z\u0336a\u0336', 'été za'],
    ['up \u{1f600} down', 'up ? down'],
    ['容器', '容器'],
    ['\x1b[', ''],
    ['\x1b', ''],
  ])('%j becomes %j', (from, to) => {
    expect(sanitise(from)).toBe(to);
  });

  test('is bounded, and applying it twice changes nothing', () => {
    const long = sanitise('x'.repeat(10_000), 300);
    expect(long).toHaveLength(300);
    expect(long.endsWith('…')).toBe(true);
    expect(sanitise(long, 300)).toBe(long);
    expect(sanitise('\x1b[31m'.repeat(5_000)).length).toBeLessThanOrEqual(300);
  });

  test('keeps every symbol that the console draws itself', () => {
    const own = Object.values(SYMBOL).join('') + SPARKS;
    expect(sanitise(own)).toBe(own);
    expect(toAscii(own, (character) => width(character) === 2)).toMatch(/^[\x20-\x7e]+$/);
  });

  test('every character there is takes the width that Ink lays out with', async () => {
    const ink = await inkWidth();
    const wrong: string[] = [];
    for (const code of characters()) {
      const shown = sanitise(String.fromCodePoint(code));
      if (shown.length === 1 && shown >= ' ' && shown <= '~') continue;
      if (width(shown) !== ink(shown)) wrong.push(`U+${code.toString(16)}`);
      if (/\p{C}|\p{M}/u.test(shown)) wrong.push(`U+${code.toString(16)} kept`);
    }
    expect(wrong).toEqual([]);
  });

  test('random bytes never leave a control character', () => {
    let seed = 7;
    const next = () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      return seed / 2_147_483_648;
    };
    for (let run = 0; run < 500; run++) {
      const text = String.fromCharCode(
        ...Array.from({ length: 60 }, () => Math.floor(next() * (run % 2 ? 256 : 65_536))),
      );
      const clean = sanitise(text);
      expect(clean).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
      expect(sanitise(clean)).toBe(clean);
    }
  });
});

test('cut keeps wide characters whole and says that something is missing', () => {
  expect(cut('容器容器', 5)).toBe('容器…');
  expect(width(cut('a容器容器', 5))).toBeLessThanOrEqual(5);
  expect(cut('short', 5)).toBe('short');
  expect(cut('longer', 0)).toBe('');
});
