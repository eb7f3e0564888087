import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProgram } from '../helpers/program.js';

let folder = '';
let daemon: Server | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-deadlines-'));
});
afterEach(() => {
  daemon?.closeAllConnections();
  daemon?.close();
  daemon = undefined;
  rmSync(folder, { recursive: true, force: true });
});

/** Says hello and lists no containers; networks are never told. Resolves to its address and when networks are asked. */
async function daemonWithoutNetworks(): Promise<{ readonly host: string; readonly asked: Promise<void> }> {
  const path = join(folder, 'docker.sock');
  let tell = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const answer = ({ url = '' }: IncomingMessage, response: ServerResponse): void => {
    if (url.includes('/networks')) tell();
    else if (url.includes('/events')) response.writeHead(200).flushHeaders();
    else if (url.includes('/version')) response.end(JSON.stringify({ Version: '27.0', ApiVersion: '1.45' }));
    else response.end(url.includes('/_ping') ? 'OK' : '[]');
  };
  daemon = createServer(answer);
  await new Promise<void>((up) => daemon?.listen(path, up));
  return { host: `unix://${path}`, asked };
}

describe('a daemon that answers no question about networks', () => {
  it.each([[['undo']], [['lab']], [['lab', 'down']]])(
    'does not hold %s up, which says what was not answered',
    async (argv) => {
      const { host } = await daemonWithoutNetworks();
      const env = { DOCKER_HOST: host, FAULTLINE_STATE_DIR: folder };
      const { code, out, err } = await startProgram(argv, { env }).ended;
      expect(`${out}${err}`).toContain('the daemon has not answered GET /networks within 10 s');
      expect(code).toBe(1);
    },
  );

  it.each([[['undo']], [['lab']]])('lets SIGTERM end %s at once', async (argv) => {
    const { host, asked } = await daemonWithoutNetworks();
    const env = { DOCKER_HOST: host, FAULTLINE_STATE_DIR: folder };
    const { child, ended } = startProgram(argv, { env });
    await asked;
    const began = performance.now();
    child.kill('SIGTERM');
    expect((await ended).code).toBe(143);
    expect(performance.now() - began).toBeLessThan(5_000);
  });
});

describe('a state folder', () => {
  const env = (): Record<string, string> => ({
    DOCKER_HOST: 'unix:///nonexistent.sock',
    FAULTLINE_STATE_DIR: folder,
  });

  it.each(['journal', 'labs'])('with a pipe in %s holds nothing up', async (name) => {
    mkdirSync(join(folder, name));
    execFileSync('mkfifo', [join(folder, name, 'x.json')]);
    symlinkSync('/dev/zero', join(folder, name, 'y.json'));
    const { code, out } = await startProgram(['undo'], { env: env(), withinMs: 15_000 }).ended;
    for (const file of ['x.json', 'y.json']) expect(out).toContain(file);
    expect(code).toBe(1);
  });

  it.each([['undo'], ['run', 'service-stopped']])(
    'that cannot be made is named, with what to set: %s %s',
    async (...argv) => {
      const nowhere = { HOME: '/proc/x', XDG_STATE_HOME: '', FAULTLINE_STATE_DIR: '' };
      const options = { env: { ...env(), ...nowhere }, withinMs: 25_000 };
      const { code, err } = await startProgram(argv, options).ended;
      expect(err).toMatch(/cannot create \/proc\/x\/\.local\/state\/faultline.*Set FAULTLINE_STATE_DIR/);
      expect(err.trim().split('\n')).toHaveLength(1);
      expect([1, 3]).toContain(code);
    },
  );
});
