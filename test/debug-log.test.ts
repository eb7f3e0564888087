import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  debug,
  debugFile,
  isDebugging,
  openDebugLog,
  startDebugLog,
  stopDebugLog,
} from '../source/debug-log.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-debug-'));
});
afterEach(() => {
  stopDebugLog();
  rmSync(folder, { recursive: true });
});

const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n').filter(Boolean);

describe('the file of FAULTLINE_DEBUG', () => {
  it.each([
    [undefined, undefined],
    ['', undefined],
    ['0', undefined],
    ['1', '/state/debug.log'],
    ['/tmp/my.log', '/tmp/my.log'],
  ])('%j is %j', (value, path) => {
    expect(debugFile(value, '/state')).toBe(path);
  });
});

describe('the debug log', () => {
  it('has a line for each thing, time first, for its owner only, and appends', () => {
    const path = join(folder, 'debug.log');
    debug('probe', 'before it is open');
    expect(isDebugging()).toBe(false);
    startDebugLog(path);
    debug('probe', 'kernel', '0.4 ms', 'ok');
    startDebugLog(path);
    debug('rule', 'packet-loss', 'x is not\na function\u001b[31m');
    debug('daemon', 'GET http://me:hunter2@db/x?token=hunter2');
    const lines = linesOf(path);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z probe kernel 0\.4 ms ok$/);
    expect(lines[1]).toMatch(/Z rule packet-loss x is not a function \[31m$/);
    expect(lines[2]).toMatch(/Z daemon GET http:\/\/…@db\/x\?token=…$/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    stopDebugLog();
    debug('probe', 'after it is closed');
    expect(linesOf(path)).toHaveLength(3);
  });

  it('takes rights away from a file that others could read', () => {
    const path = join(folder, 'open.log');
    writeFileSync(path, '', { mode: 0o644 });
    openDebugLog(path).close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('is bounded: the one before is kept, and no other', () => {
    const path = join(folder, 'debug.log');
    const log = openDebugLog(path, 100);
    for (let i = 0; i < 40; i++) log.write(`line ${i} ${'x'.repeat(20)}`);
    log.close();
    expect(statSync(path).size).toBeLessThanOrEqual(100);
    expect(statSync(`${path}.1`).size).toBeLessThanOrEqual(100);
    expect(linesOf(path).at(-1)).toMatch(/^line 39 /);
    expect(linesOf(`${path}.1`).length).toBeGreaterThan(1);
  });

  it('of two processes goes on in the new file when the other one began it', () => {
    const path = join(folder, 'debug.log');
    const [one, two] = [openDebugLog(path, 50), openDebugLog(path, 50)];
    one.write('a'.repeat(40));
    two.write('b'.repeat(40));
    one.write('c'.repeat(10));
    one.close();
    two.close();
    expect(linesOf(`${path}.1`)).toEqual(['a'.repeat(40)]);
    expect(linesOf(path)).toEqual(['b'.repeat(40), 'c'.repeat(10)]);
  });

  it('follows no link and is no folder', () => {
    symlinkSync(join(folder, 'elsewhere'), join(folder, 'link.log'));
    expect(() => openDebugLog(join(folder, 'link.log'))).toThrow(/ELOOP/);
    mkdirSync(join(folder, 'folder'));
    expect(() => openDebugLog(join(folder, 'folder'))).toThrow();
    expect(() => openDebugLog('/dev/null')).toThrow('/dev/null is no file');
  });
});
