import { describe, expect, it } from 'vitest';
import { bothEnds, fatalLine } from '../../source/engines/log-line.js';

describe('the line that says why a program ended', () => {
  it.each<[string, string[], string | undefined]>([
    [
      'a Python traceback',
      [
        'Traceback (most recent call last):',
        '  File "/app.py", line 3, in <module>',
        '    import nope',
        "ModuleNotFoundError: No module named 'nope'",
      ],
      "ModuleNotFoundError: No module named 'nope'",
    ],
    [
      'Node',
      [
        'Error: Cannot find module "/srv/app.js"',
        '    at Module._load (node:internal/modules/cjs/loader:1)',
        '',
        'Node.js v20.1.0',
      ],
      'Error: Cannot find module "/srv/app.js"',
    ],
    [
      'Go',
      ['starting', 'panic: runtime error: index out of range', '', 'goroutine 1 [running]:', 'main.main()'],
      'panic: runtime error: index out of range',
    ],
    [
      'Java',
      [
        'Exception in thread "main" java.lang.IllegalStateException: no pool',
        '\tat a.B.c(B.java:1)',
        'Caused by: java.net.ConnectException: Connection refused',
        '\t... 12 more',
      ],
      'Caused by: java.net.ConnectException: Connection refused',
    ],
    [
      'PostgreSQL',
      ['LOG:  starting', 'FATAL:  data directory "/pg" has wrong ownership', 'HINT:  start it as its owner'],
      'FATAL:  data directory "/pg" has wrong ownership',
    ],
    [
      'nginx',
      ['nginx: [emerg] host not found in upstream "app:8080"', 'bye'],
      'nginx: [emerg] host not found in upstream "app:8080"',
    ],
    [
      'a progress bar before it',
      ['\rpulling 1/3\rpulling 2/3\rfatal: connection refused', ''],
      'fatal: connection refused',
    ],
    ['no word of trouble', ['listening on 8080', 'bye'], 'bye'],
    ['silence', ['', '  '], undefined],
  ])('%s', (_, lines, told) => {
    expect(fatalLine(lines)).toBe(told);
  });
});

it('keeps the beginning and the end of what is too long', () => {
  expect(bothEnds('abcdefghij', 5)).toBe('ab…ij');
  expect(bothEnds('abcde', 5)).toBe('abcde');
});
