import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { faultlineWith } from './faultline.js';

/** OSC 52 (writes the clipboard), a title, a colour, C1 forms of the same, DEL, bidirectional controls. */
const HOSTILE =
  'EVIL\u001b]52;c;cm0gLXJm\u0007\u001b]0;title\u001b\\\u001b[31m\r\b\u009d52;c;eA==\u009c\u009b2J\u007f\u202e\u2066\u200f\u2028end';
/** What may leave: letters and the ends of lines. */
const CONTROL = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

type Answer = { readonly status: number; readonly body: unknown };
const refused: Answer = { status: 500, body: { message: HOSTILE } };

/** What a daemon answers by path: nothing well, or enough to be taken for one that is well. */
const DAEMONS: Readonly<Record<string, (path: string) => Answer>> = {
  'refuses every call': () => refused,
  'is well, and refuses what is asked of it': (path) => greeting(path) ?? refused,
  'has containers with hostile names': (path) => {
    if (!path.includes('/containers/json')) return greeting(path) ?? { ...refused, status: 404 };
    const labels = { 'faultline.lab': HOSTILE, 'com.docker.compose.service': HOSTILE };
    const one = {
      Id: 'a'.repeat(64),
      Names: [`/${HOSTILE}`],
      Image: HOSTILE,
      State: 'running',
      Labels: labels,
    };
    return { status: 200, body: [{ ...one, Status: HOSTILE, Ports: [], NetworkSettings: { Networks: {} } }] };
  },
};

function greeting(path: string): Answer | undefined {
  if (path.endsWith('/_ping')) return { status: 200, body: 'OK' };
  const version = { Version: HOSTILE, ApiVersion: '1.41', MinAPIVersion: '1.12', Os: 'linux', Arch: 'amd64' };
  return path.endsWith('/version') ? { status: 200, body: version } : undefined;
}

/** Each command of the program, in each form that tells of a daemon. */
const COMMANDS: readonly (readonly string[])[] = [
  [''],
  ['check', '--for', '1s'],
  ['check', '--for', '1s', '--json'],
  ['alerts', '--for', '1s'],
  ['alerts', '--for', '1s', '--json'],
  ['probe'],
  ['probe', '--json'],
  ['probe', 'inside', '--on', 'web'],
  ['probe', 'inside', '--on', 'web', '--json'],
  ['probe', 'services'],
  ['doctor'],
  ['doctor', '--json'],
  ['lab'],
  ['lab', '--json'],
  ['lab', 'down'],
  ['lab', 'down', '--images', '--json'],
  ['inject', 'delay', '--on', 'web', '--ms', '10', '--for', '1s'],
  ['inject', 'delay', '--on', 'web', '--ms', '10', '--for', '1s', '--json'],
  ['inject', 'delay', '--on', 'web', '--ms', '10', '--dry-run'],
  ['run', 'latency', '--lab', 'docker'],
  ['run', 'latency', '--lab', 'docker', '--json'],
  ['run', 'container-kill', '--lab', 'swarm'],
  ['run', 'container-kill', '--lab', 'swarm', '--json'],
  ['bench', 'diagnosis', '--lab', 'docker', '--only', 'latency'],
  ['bench', 'diagnosis', '--lab', 'docker', '--only', 'latency', '--json'],
  ['demo', 'latency', '--lab', 'docker'],
  ['undo'],
  ['undo', '--json'],
  ['scenarios'],
  ['explain'],
];

const folder = mkdtempSync(join(tmpdir(), 'faultline-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('every command of the program is tried here', () => {
  const listed = readFileSync(new URL('../../source/cli.ts', import.meta.url), 'utf8').matchAll(
    / name: '(.*)'/g,
  );
  const names = [...listed].map(([, name]) => name);
  expect(names.length).toBeGreaterThan(10);
  expect([...new Set(COMMANDS.map(([name]) => name))].sort()).toEqual(names.sort());
});

describe.each(Object.entries(DAEMONS))('a daemon that %s', (title, answer) => {
  const socket = join(folder, `${Object.keys(DAEMONS).indexOf(title)}.sock`);
  let daemon: Server;
  beforeAll(async () => {
    daemon = createServer((request, response) => {
      request.resume();
      const { status, body } = answer((request.url ?? '').split('?')[0] ?? '');
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    await new Promise<void>((done) => daemon.listen(socket, done));
  });
  afterAll(() => {
    daemon.closeAllConnections();
    daemon.close();
  });

  it('puts no control character on either stream of any command', { timeout: 120_000 }, async () => {
    const env = { DOCKER_HOST: `unix://${socket}`, FAULTLINE_STATE_DIR: join(folder, 'state') };
    const left = [...COMMANDS];
    let told = '';
    const work = async (): Promise<void> => {
      for (let words = left.shift(); words; words = left.shift()) {
        const { out, err } = await faultlineWith(env, ...words.filter(Boolean));
        const said = out + err;
        told += said;
        expect(said, words.join(' ')).not.toBe('');
        const at = said.search(CONTROL);
        const shown = JSON.stringify(said.slice(Math.max(0, at - 60), at + 60));
        expect(at, `${words.join(' ')}: ${shown}`).toBe(-1);
        if (!words.includes('--json')) continue;
        const isLines = ['run', 'inject', 'bench'].includes(words[0] ?? '');
        for (const value of isLines ? out.trim().split('\n') : [out]) JSON.parse(value);
      }
    };
    await Promise.all([work(), work(), work()]);
    // What it said did come through.
    expect(told).toContain('EVIL');
    expect(told).not.toContain('52;c;cm0gLXJm\u0007');
  });
});
