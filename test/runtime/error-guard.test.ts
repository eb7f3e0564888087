import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Escaped,
  escapedErrors,
  guardErrors,
  onEscaped,
  onFatal,
} from '../../source/runtime/error-guard.js';

const ROOT = new URL('../../', import.meta.url).href;
type Listener = (error: unknown) => void;

let others: Listener[] = [];
let stop: () => void = () => undefined;
let fatal: unknown[] = [];
let stopFatal: () => void = () => undefined;

beforeEach(() => {
  // Those of the test runner would take each error for a failure of the test.
  others = process.listeners('uncaughtException') as Listener[];
  process.removeAllListeners('uncaughtException');
  stop = guardErrors();
  fatal = [];
  stopFatal = onFatal((error) => fatal.push(error));
});
afterEach(() => {
  stopFatal();
  stop();
  for (const one of others) process.on('uncaughtException', one);
});

const throwStray = (error: unknown): void => void process.emit('uncaughtException', error as Error);

/** An error whose trace leads through these lines. */
function thrownAt(frames: readonly string[], message = 'broken', code = 'EBROKEN'): Error {
  const error = Object.assign(new Error(message), { code });
  error.stack = [`Error: ${message}`, ...frames.map((frame) => `    at ${frame}`)].join('\n');
  return error;
}

const IN_DNS = `Socket.<anonymous> (${ROOT}source/probes/dns/exchange.js:103:20)`;
const IN_NODE = 'process.processTicksAndRejections (node:internal/process/task_queues:84:11)';

describe('what escapes', () => {
  it('is kept by its place and code, with its newest reason and how often', () => {
    throwStray(thrownAt([IN_NODE, IN_DNS], 'Port should be > 0'));
    throwStray(thrownAt([IN_NODE, IN_DNS], 'Port should be > 1'));
    throwStray(thrownAt([`parse (${ROOT}node_modules/@scope/lib/dist/a.js:1:1)`, IN_NODE]));
    throwStray(thrownAt([IN_NODE]));
    expect(escapedErrors()).toEqual([
      { kind: 'probes/dns EBROKEN', place: 'probes/dns', reason: 'Port should be > 1', count: 2 },
      { kind: '@scope/lib EBROKEN', place: '@scope/lib', reason: 'broken', count: 1 },
      { kind: 'the program EBROKEN', place: 'the program', reason: 'broken', count: 1 },
    ]);
    expect(fatal).toEqual([]);
  });

  it('is told to who listens, also what came before, and one that throws silences no other', () => {
    const told: Escaped[] = [];
    throwStray(thrownAt([IN_DNS]));
    const stops = [
      onEscaped(({ count }) => {
        if (count > 1) throw new Error('a listener');
      }),
      onEscaped((escaped) => told.push(escaped)),
    ];
    throwStray(thrownAt([IN_DNS]));
    for (const one of stops) one();
    throwStray(thrownAt([IN_DNS]));
    expect(told.map(({ count }) => count)).toEqual([1, 2]);
  });

  it('is shown without controls, passwords and length', () => {
    const long = 'x'.repeat(100_000);
    throwStray(
      new Error(`\u001b]52;c;AAAA\u0007GET http://ann:se@cret@host/a?token=1 failed\n    at ${long}`),
    );
    const [{ reason = '' } = {}] = escapedErrors();
    expect(reason).toMatch(/^GET http:\/\/…@host\/a\?(token=)?… failed/);
    expect(reason.length).toBeLessThanOrEqual(300);
    expect(reason).not.toContain('\u001b');
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'thrown'],
    ['an object', {}],
    [
      'what cannot be looked at',
      new Proxy(new Error('x'), {
        get() {
          throw new Error('looked at');
        },
      }),
    ],
    ['no text of any kind', Object.create(null)],
  ])('may be anything: %s', (_, thrown) => {
    throwStray(thrown);
    expect(escapedErrors()).toHaveLength(1);
    expect(fatal).toEqual([]);
  });

  it('is bounded: what comes on top of 16 kinds is one', () => {
    for (let i = 0; i < 30; i++) throwStray(thrownAt([IN_NODE], 'broken', `E${i}`));
    expect(escapedErrors()).toHaveLength(17);
    expect(escapedErrors().at(-1)).toMatchObject({ kind: 'more', place: 'many places', count: 14 });
  });
});

describe('what cannot be survived', () => {
  const paints = `paint (${ROOT}panels/dns.js:1:1)`;

  it.each([
    ['no memory', Object.assign(new Error('x'), { code: 'ERR_WORKER_OUT_OF_MEMORY' })],
    ['no room for a buffer', new RangeError('Array buffer allocation failed')],
    ['the painter', thrownAt([`width (${ROOT}source/terminal/sanitise.js:9:9)`, paints])],
    ['a panel that asks the diagnosis', thrownAt([`x (${ROOT}source/diagnosis/a.js:1:1)`, paints])],
    ['Ink', thrownAt([`render (${ROOT}node_modules/ink/build/ink.js:1:1)`])],
  ])('ends the program: %s', (_, error) => {
    throwStray(error);
    expect(fatal).toEqual([error]);
  });

  it('is not what a panel only waits for, nor what an error says of itself', () => {
    throwStray(thrownAt([IN_DNS, `async ${paints}`]));
    throwStray(thrownAt([IN_DNS], `no\n    at ${paints}`));
    expect(fatal).toEqual([]);
  });

  it('is more than 20 of a kind at once; it is told once, to who came last', () => {
    const last: unknown[] = [];
    const stopLast = onFatal((error) => last.push(error));
    for (let i = 0; i < 20; i++) throwStray(thrownAt([IN_DNS]));
    expect(last).toEqual([]);
    for (let i = 0; i < 10; i++) throwStray(thrownAt([IN_DNS]));
    stopLast();
    expect([last.length, fatal.length]).toEqual([1, 0]);
  });
});
