import { spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createSocket, type Server as SocketServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { unseen } from '../../source/commands/undo/reap-docker-labs.js';
import { identityOf } from '../../source/linux/process/identity.js';

const cli = fileURLToPath(
  new URL(`../../${process.env.FAULTLINE_DIST ?? 'dist'}/source/cli.js`, import.meta.url),
);
let folder: string;
let state: string;
const servers: (Server | SocketServer)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-undo-'));
  state = join(folder, 'state');
});
afterEach(async () => {
  for (const server of servers.splice(0)) {
    if ('closeAllConnections' in server) server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

async function undo(env: Record<string, string>, ...more: string[]) {
  const child = spawn(process.execPath, [cli, 'undo', ...more], {
    env: { ...process.env, FAULTLINE_STATE_DIR: state, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const code = await new Promise((done) => child.on('close', done));
  return { code, out, err };
}

function listening(server: Server | SocketServer): Promise<string> {
  servers.push(server);
  const path = join(folder, 'docker.sock');
  return new Promise((done) => server.listen(path, () => done(`unix://${path}`)));
}

/** A daemon in small with nothing on it; what it was asked is in `asked`. */
async function emptyDaemon() {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.setHeader('Content-Type', 'application/json');
    if (request.url?.includes('/version')) response.end('{"Version":"20.10.24","ApiVersion":"1.41"}');
    else if (request.url?.includes('/events')) response.flushHeaders();
    else if (request.url?.includes('/images')) response.end('{}');
    else response.end('[]');
  });
  return { host: await listening(server), asked };
}

describe('undo and a Docker that cannot be looked into', () => {
  it('that is silent: it says what it could not see, and ends with 1', async () => {
    const held: unknown[] = [];
    const host = await listening(createSocket((socket) => held.push(socket.on('error', () => {}))));
    const { code, out } = await undo({ DOCKER_HOST: host });
    expect(code).toBe(1);
    expect(out).not.toContain('Nothing to undo');
    expect(out).toContain('labs and fault agents of killed consoles on Docker could not be looked for');
    expect(out).toContain('then look again: faultline undo');
    for (const socket of held) (socket as { destroy(): void }).destroy();
  });

  it.each(['tcp://127.0.0.1:1', 'unix:///nonexistent/docker.sock', 'gopher://x'])(
    'that DOCKER_HOST names, %s: it ends with 1',
    async (DOCKER_HOST) => {
      const { code, out } = await undo({ DOCKER_HOST }, '--json');
      expect(code).toBe(1);
      expect(JSON.parse(out)).toMatchObject({
        done: [],
        residue: [expect.stringContaining('could not be looked for')],
      });
    },
  );

  it('that is not on this host: nothing was left behind, and that is said', () => {
    const trouble = {
      kind: 'missing',
      endpoint: 'unix:///var/run/docker.sock',
      what: 'no socket',
      mend: 'start',
    } as const;
    const verdict = { state: 'unavailable', since: 0, trouble } as const;
    expect(unseen(verdict, false)).toEqual({
      done: [],
      residue: [],
      notes: ['no Docker here (unix:///var/run/docker.sock)'],
    });
    expect(unseen(verdict, true).residue).toHaveLength(1);
    for (const kind of ['hung', 'refused', 'denied', 'closed', 'unreachable', 'not-docker'] as const)
      expect(unseen({ ...verdict, trouble: { ...trouble, kind } }, false).residue).toHaveLength(1);
  });

  it('that answers and has nothing: there is nothing to undo', async () => {
    const { host } = await emptyDaemon();
    expect(await undo({ DOCKER_HOST: host })).toMatchObject({
      code: 0,
      out: 'Nothing to undo: nothing was left behind.\n',
    });
  });
});

describe('undo and a journal of somebody else', () => {
  it('is refused in one line, and nothing is done', async () => {
    const { host, asked } = await emptyDaemon();
    mkdirSync(state, { mode: 0o700 });
    chmodSync(state, 0o777);
    const { code, out, err } = await undo({ DOCKER_HOST: host });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(
      /^faultline: .*state \(owner \d+, mode 0777\) may be written by others: .*chmod go-w .*\n$/,
    );
    expect(asked).toEqual([]);
  });

  it.runIf(process.geteuid?.() === 0)('of another user, as sudo -E has it: refused in one line', async () => {
    mkdirSync(join(folder, '.local', 'state', 'faultline', 'journal'), { recursive: true, mode: 0o700 });
    for (const part of ['.local', '.local/state', '.local/state/faultline', '.local/state/faultline/journal'])
      chownSync(join(folder, part), 12_345, 12_345);
    const { code, out, err } = await undo({ HOME: folder, FAULTLINE_STATE_DIR: '', XDG_STATE_HOME: '' });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(
      /^faultline: .*faultline \(owner 12345, mode 0700\) is not this user's \(0\): .*chown -R 0 .*FAULTLINE_STATE_DIR.*\n$/,
    );
  });

  it('a planted step is told, its entry stays, and the daemon never hears of it', async () => {
    const { host, asked } = await emptyDaemon();
    mkdirSync(join(state, 'journal'), { recursive: true, mode: 0o700 });
    const id = 'ab'.repeat(32);
    const plan = {
      id: 'fabc123',
      spec: { kind: 'pause', target: 'web' },
      target: { id, name: 'web', startedAt: '2026-01-01T00:00:00Z', network: null },
      what: 'web: all its processes are frozen',
      means: 'docker pause',
      insteadOf: null,
      ending: 'timer',
      ttlMs: 1000,
      apply: [],
      renew: [],
      undo: [
        {
          do: 'docker',
          method: 'POST',
          path: '/containers/create?name=x',
          body: { HostConfig: { Binds: ['/:/host'] } },
        },
        { do: 'docker', method: 'POST', path: '/containers/x/start' },
      ],
      readings: [],
      keeper: { capabilities: [], network: 'none', pid: false, socket: true },
    };
    const step = {
      kind: 'docker',
      endpoint: host,
      plan,
      snapshot: { state: 'running' },
      beside: [],
      keeper: 'faultline-fabc123',
      image: 'faultline/toolbox:1',
      expiresAt: 1,
    };
    const entry = {
      id: 'x',
      at: 1,
      scenario: 'inject',
      substrate: 'docker',
      target: { lab: host, workload: 'web', process: null },
      what: plan.what,
      undo: [step],
      owner: { pid: 7, startTime: '1@another boot' },
    };
    const path = join(state, 'journal', 'x.json');
    writeFileSync(path, JSON.stringify(entry), { mode: 0o600 });
    const { code, out } = await undo({ DOCKER_HOST: host });
    expect(code).toBe(1);
    expect(out).toContain('refused: no fault of kind pause is undone by POST /containers/create');
    expect(existsSync(path)).toBe(true);
    expect(asked.filter((line) => !line.startsWith('GET '))).toEqual([]);
  });

  it('a process that would die of the signal is not asked as a console', async () => {
    const { host } = await emptyDaemon();
    mkdirSync(join(state, 'journal'), { recursive: true, mode: 0o700 });
    const bystander = spawn('sleep', ['60']);
    const owner = identityOf(bystander.pid as number);
    const entry = {
      ...{ id: 'x', at: 1, scenario: 'inject', substrate: 'embedded', what: 'x' },
      ...{ target: { lab: 'a1', workload: 'x', process: null }, undo: [{ kind: 'lab', lab: 'a1' }], owner },
    };
    writeFileSync(join(state, 'journal', 'x.json'), JSON.stringify(entry), { mode: 0o600 });
    const { code } = await undo({ DOCKER_HOST: host });
    expect([code, bystander.signalCode]).toEqual([0, null]);
    bystander.kill('SIGKILL');
  });
});
