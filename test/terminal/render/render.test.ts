import { EventEmitter } from 'node:events';
import { Text } from 'ink';
import { createElement } from 'react';
import { afterEach, describe, expect, test } from 'vitest';
import { holdConsole } from '../../../source/terminal/console-hold.js';
import { openTerminal, type Terminal } from '../../../source/terminal/render.js';
import { guardTerminal, RESTORE_SEQUENCE } from '../../../source/terminal/restore.js';
import { countingWriter } from '../../../source/terminal/writer.js';

class Stream extends EventEmitter {
  isTTY = true;
  columns = 40;
  rows = 10;
  raw: boolean[] = [];
  chunks: string[] = [];
  write(chunk: string, done?: unknown): boolean {
    this.chunks.push(chunk);
    if (typeof done === 'function') setImmediate(done as () => void);
    return true;
  }
  read = () => null;
  setRawMode(on: boolean) {
    this.raw.push(on);
  }
  setEncoding() {}
  ref() {}
  unref() {}
  text = () => this.chunks.join('');
}

const opened: Terminal[] = [];
afterEach(() => {
  for (const terminal of opened.splice(0)) terminal.close();
});

function open(env: Record<string, string> = { TERM: 'xterm', CI: '1' }) {
  const stdout = new Stream();
  const stdin = new Stream();
  const stderr = new Stream();
  const terminal = openTerminal({
    element: createElement(Text, null, 'hello'),
    stdout: stdout as never,
    stdin: stdin as never,
    stderr: stderr as never,
    env,
  });
  opened.push(terminal);
  return { terminal, stdout, stdin, stderr };
}

describe('openTerminal', () => {
  test('paints on the alternate screen even under CI=1 and counts every byte', async () => {
    const { terminal, stdout } = open();
    expect(stdout.text()).toContain('\x1b[?1049h');
    expect(stdout.text()).toContain('hello');
    terminal.close();
    expect(await terminal.waitUntilExit()).toEqual({ reason: 'quit' });
    expect(terminal.bytesWritten()).toBe(Buffer.byteLength(stdout.text()));
  });

  test.each(['SIGTERM', 'SIGHUP', 'SIGINT'] as const)(
    '%s restores the terminal and tells why it ended',
    async (signal) => {
      const { terminal, stdout, stdin } = open();
      const before = process.listenerCount(signal);
      process.emit(signal);
      expect(await terminal.waitUntilExit()).toEqual({ reason: signal });
      expect(stdout.text().endsWith(RESTORE_SEQUENCE)).toBe(true);
      expect(stdin.raw.at(-1)).toBe(false);
      expect(process.listenerCount(signal)).toBeLessThan(before);
    },
  );

  test('what was written to the console meanwhile comes out afterwards, not onto the screen', async () => {
    const { terminal, stdout, stderr } = open();
    console.log('from a %s', 'library');
    expect(stdout.text()).not.toContain('from a library');
    terminal.close();
    await terminal.waitUntilExit();
    expect(stderr.text()).toContain('from a library');
  });

  test('an element that throws ends it with the error', async () => {
    const stdout = new Stream();
    const Broken = () => {
      throw new Error('broken panel');
    };
    const terminal = openTerminal({
      element: createElement(Broken),
      stdout: stdout as never,
      stdin: new Stream() as never,
      stderr: new Stream() as never,
      env: { TERM: 'xterm' },
    });
    const end = await terminal.waitUntilExit();
    expect(end.reason).toBe('crash');
    expect(String(end.error)).toContain('broken panel');
    expect(stdout.text()).toContain('\x1b[?1049l');
  });

  test('a dumb terminal is refused before anything is written', () => {
    expect(() => open({ TERM: 'dumb' })).toThrow(/TERM=dumb/);
  });
});

test('a terminal that hung up makes writes no-ops', () => {
  const stdout = new Stream();
  const writer = countingWriter(stdout as never);
  writer.stream.write('one');
  stdout.emit('error', Object.assign(new Error('EIO'), { code: 'EIO' }));
  writer.stream.write('two');
  expect(stdout.text()).toBe('one');
  expect(writer.bytes()).toBe(3);
  writer.release();
  expect(stdout.listenerCount('error')).toBe(0);
});

test('the guard restores once, also when writing fails', () => {
  const reasons: string[] = [];
  const stdout = {
    write: () => {
      throw new Error('gone');
    },
  };
  const guard = guardTerminal({ stdout, stdin: {} }, (reason) => reasons.push(reason));
  expect(() => guard.restore()).not.toThrow();
  process.emit('SIGHUP');
  process.emit('SIGTERM');
  guard.release();
  expect(reasons).toEqual(['SIGHUP']);
});

test('the held console keeps only the newest lines', () => {
  const fake = { ...console };
  const held = holdConsole(fake as Console);
  for (let i = 0; i < 250; i++) fake.log(`line ${i}`);
  const lines = held.release();
  expect(lines).toHaveLength(100);
  expect(lines.at(-1)).toBe('line 249');
});
