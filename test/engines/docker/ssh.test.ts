import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SshAgent } from '../../../source/engines/docker/link/ssh/ssh-agent.js';

/** An ssh that forwards, or refuses to, or is only good for sessions; each process of it writes a line to `log`. */
const program = (mode: string): string => `#!${process.execPath}
const net = require('node:net');
const fs = require('node:fs');
const args = process.argv.slice(2);
const forward = args[args.indexOf('-L') + 1]?.split(':');
fs.appendFileSync(__dirname + '/log', (args.includes('-L') ? 'tunnel ' + forward[1] : 'session') + '\\n');
const far = () => net.connect(__dirname + '/daemon.sock');
if ('${mode}' === 'login') { console.error('ann@far: Permission denied (publickey).'); process.exit(255); }
if (!args.includes('-L')) { const s = far(); process.stdin.pipe(s); s.pipe(process.stdout); }
else if ('${mode}' === 'none') process.exit(1);
else net.createServer((c) => {
  if ('${mode}' === 'refuse') { console.error('channel 1: open failed: administratively prohibited'); c.destroy(); return; }
  const s = far(); c.pipe(s); s.pipe(c); for (const x of [c, s]) x.on('error', () => {});
}).listen(forward[0]);
`;

let folder: string;
let daemon: Server;
let agent: SshAgent;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faultline-far-'));
  daemon = createServer((_, answer) => answer.end('OK'));
  await new Promise<void>((done) => daemon.listen(join(folder, 'daemon.sock'), done));
});

afterEach(() => {
  agent.destroy();
  daemon.close();
  daemon.closeAllConnections();
  rmSync(folder, { recursive: true, force: true });
});

function agentBy(mode: string, path: string | null = null): SshAgent {
  const ssh = join(folder, 'ssh');
  writeFileSync(ssh, program(mode));
  chmodSync(ssh, 0o755);
  const endpoint = {
    kind: 'ssh',
    host: 'far',
    port: null,
    user: 'ann',
    path,
    address: 'ssh://ann@far',
    from: 'it',
  };
  return new SshAgent(endpoint as ConstructorParameters<typeof SshAgent>[0], ssh);
}

const get = (): Promise<string> =>
  new Promise((resolve, reject) => {
    const asked = request({ agent, host: 'docker', path: '/version' }, (answer) => {
      let text = '';
      answer.on('data', (part) => {
        text += part;
      });
      answer.on('end', () => resolve(text));
    });
    asked.on('error', reject).end();
  });

const processes = (): string[] => readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');

describe('a daemon over ssh', () => {
  it('is asked through one process, whatever the number of connections', async () => {
    agent = agentBy('forward');
    const answers = await Promise.all(Array.from({ length: 21 }, get));
    expect(new Set(answers)).toEqual(new Set(['OK']));
    expect(processes()).toEqual(['tunnel /var/run/docker.sock']);
  });

  it('is looked for at the path that its address names', async () => {
    agent = agentBy('forward', '/run/user/1000/docker.sock');
    expect(await get()).toBe('OK');
    expect(processes()).toEqual(['tunnel /run/user/1000/docker.sock']);
  });

  it('leaves no folder, and removes what a console left that was killed', async () => {
    const left = mkdtempSync(join(tmpdir(), 'faultline-ssh-4194305-'));
    agent = agentBy('forward');
    await get();
    expect(existsSync(left)).toBe(false);
    agent.destroy();
    await expect
      .poll(() => readdirSync(tmpdir()).filter((name) => name.includes(`ssh-${process.pid}-`)))
      .toEqual([]);
  });

  it.each(['refuse', 'none'])('is asked in sessions where nothing is forwarded (%s)', async (mode) => {
    agent = agentBy(mode);
    expect(await get()).toBe('OK');
    expect(processes()).toEqual(['tunnel /var/run/docker.sock', 'session']);
  });

  it('that lets nobody in is told in the words of ssh, and asked once', async () => {
    agent = agentBy('login');
    await expect(get()).rejects.toMatchObject({
      code: 'SSH_FAILED',
      message: 'ann@far: Permission denied (publickey).',
    });
    expect(processes()).toEqual(['tunnel /var/run/docker.sock']);
  });
});
