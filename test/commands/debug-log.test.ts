import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const cli = fileURLToPath(
  new URL(`../../${process.env.FAULTLINE_DIST ?? 'dist'}/source/cli.js`, import.meta.url),
);
const folder = mkdtempSync(join(tmpdir(), 'faultline-debug-'));
afterAll(() => rmSync(folder, { recursive: true }));

function faultline(
  debug: string,
  ...words: string[]
): Promise<{ out: string; err: string; code: number | null }> {
  const env = { ...process.env, FAULTLINE_DEBUG: debug, FAULTLINE_STATE_DIR: folder };
  const child = spawn(process.execPath, [cli, ...words], { stdio: ['ignore', 'pipe', 'pipe'], env });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((done) => child.on('close', (code) => done({ out, err, code })));
}

it('FAULTLINE_DEBUG=1 writes to the state directory, and says where on standard error alone', async () => {
  const path = join(folder, 'debug.log');
  const { out, err } = await faultline('1', 'probe', 'kernel', '--json');
  expect(err).toBe(`faultline: the debug log is ${path}\n`);
  expect(JSON.parse(out).ok).toBe(true);
  const log = readFileSync(path, 'utf8');
  expect(log).toMatch(/Z probe kernel [\d.]+ ms ok\n/);
  expect(log).toMatch(/Z program ends with 0\n$/);
});

it('tells of what went wrong, and of no token', async () => {
  const path = join(folder, 'mine.log');
  await faultline(path, 'probe', 'http', '--target', 'http://127.0.0.1:1/?token=hunter2');
  await faultline(path, 'probe', 'postgres', '--database', 'postgres://app:hunter2@127.0.0.1:1/x');
  const log = readFileSync(path, 'utf8');
  expect(log).toMatch(/Z probe http:GET 127\.0\.0\.1:1\/\?token=… [\d.]+ ms ok/);
  expect(log).not.toContain('hunter2');
});

it('a file that cannot be written costs the log, not the command', async () => {
  const { err, code } = await faultline('/proc/nowhere/x.log', 'probe', 'kernel');
  expect(err).toMatch(/^faultline: there is no debug log: ENO[A-Z]+/);
  expect(code).toBe(0);
});

it('doctor says where it is, or how one is had', async () => {
  const [on, off] = await Promise.all([faultline('1', 'doctor'), faultline('', 'doctor')]);
  expect(on.out).toMatch(new RegExp(`ok +Debug log +${join(folder, 'debug.log')}\n`));
  expect(off.out).toContain(`off; FAULTLINE_DEBUG=1 writes ${join(folder, 'debug.log')}`);
});
