import { expect, test } from 'vitest';
import { exitMeaning } from '../../source/engines/embedded/exit-meaning.js';

test.each([
  [0, null, /^finished/],
  [3, null, /exit code 3/],
  [127, null, /not found/],
  [143, null, /signal 15/],
  [null, 'SIGTERM', /asked to end/],
  [null, 'SIGSEGV', /crashed/],
  [null, 'SIGUSR2', /SIGUSR2/],
])('exit %s by %s', (code, signal, words) => {
  expect(exitMeaning(code, signal)).toMatch(words);
});

test('a kill is not called out of memory', () => {
  expect(exitMeaning(137, null)).toBe(exitMeaning(null, 'SIGKILL'));
  expect(exitMeaning(137, null)).toMatch(/only one of the possible reasons/);
});
