import { describe, expect, test } from 'vitest';
import { prepareEnvironment, refusal, wantsAscii } from '../../../source/terminal/environment.js';
import { layoutFor } from '../../../source/terminal/size.js';

describe('environment', () => {
  test('NO_COLOR turns colours off for chalk, an empty one does not', () => {
    const env: Record<string, string> = { NO_COLOR: '1' };
    prepareEnvironment(env);
    expect(env).toMatchObject({ NODE_ENV: 'production', FORCE_COLOR: '0' });
    const empty: Record<string, string> = { NO_COLOR: '' };
    prepareEnvironment(empty);
    expect(empty.FORCE_COLOR).toBeUndefined();
    const ci: Record<string, string> = { CI: '1' };
    prepareEnvironment(ci);
    expect(ci.FORCE_COLOR).toBe('1');
    const both: Record<string, string> = { CI: '1', NO_COLOR: '1' };
    prepareEnvironment(both);
    expect(both.FORCE_COLOR).toBe('0');
  });

  test.each([
    [{ LANG: 'en_US.UTF-8' }, false],
    [{ LANG: 'C.utf8' }, false],
    [{ LANG: 'en_US.UTF-8', LC_ALL: 'C' }, true],
    [{ LC_CTYPE: 'C.UTF-8', LANG: 'C' }, false],
    [{ LC_ALL: '', LANG: 'C.UTF-8' }, false],
    [{}, true],
    [{ LANG: 'C.UTF-8', TERM: 'linux' }, true],
    [{ LANG: 'C.UTF-8', FAULTLINE_ASCII: '1' }, true],
    [{ LANG: 'C.UTF-8', FAULTLINE_ASCII: '0' }, false],
  ])('ASCII with %j: %s', (env, ascii) => {
    expect(wantsAscii(env)).toBe(ascii);
  });

  test('a place that cannot be drawn on is refused with what to do instead', () => {
    const tty = { stdin: { isTTY: true }, stdout: { isTTY: true } };
    expect(refusal({ TERM: 'xterm' }, tty)).toBeUndefined();
    expect(refusal({ TERM: 'dumb' }, tty)).toMatch(/TERM=dumb.*faultline check/);
    expect(refusal({}, { ...tty, stdout: {} })).toMatch(/not a terminal/);
    expect(refusal({}, { ...tty, stdin: {} })).toMatch(/no key/);
  });

  test.each([
    [120, 40, 'wide'],
    [110, 36, 'wide'],
    [109, 60, 'standard'],
    [80, 24, 'standard'],
    [79, 50, 'single'],
    [200, 23, 'single'],
    [40, 12, 'single'],
    [39, 12, 'none'],
    [20, 5, 'none'],
  ])('%i×%i is %s', (columns, rows, layout) => {
    expect(layoutFor(columns, rows)).toBe(layout);
  });
});
