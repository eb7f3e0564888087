import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { failureModes } from '../../scenarios/index.js';
import { type Running, refusedUrl, serve } from '../actions/servers.js';

const cli = fileURLToPath(
  new URL(`../../${process.env.FAULTLINE_DIST ?? 'dist'}/source/cli.js`, import.meta.url),
);

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

const children = new Set<ChildProcess>();

function launch(
  argv: readonly string[],
  nodeFlags: readonly string[] = [],
  env: NodeJS.ProcessEnv = process.env,
): ChildProcess {
  const child = spawn(process.execPath, [...nodeFlags, ...argv], { stdio: ['ignore', 'pipe', 'pipe'], env });
  children.add(child);
  return child;
}

function ended(child: ChildProcess): Promise<Ended> {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr?.on('data', (chunk) => {
    err += chunk;
  });
  return new Promise((done) => {
    child.on('close', (code) => {
      children.delete(child);
      done({ code, out, err });
    });
  });
}

const faultline = (...argv: string[]): Promise<Ended> => ended(launch([cli, ...argv]));
const faultlineWith = (env: Record<string, string>, ...argv: string[]): Promise<Ended> =>
  ended(launch([cli, ...argv], [], { ...process.env, ...env }));

/** Whether the program listens for its ending: Node alone catches no SIGHUP (man 5 proc, SigCgt). */
function listensForEnding(pid: number | undefined): boolean {
  const caught = /^SigCgt:\s*([0-9a-f]+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? '0';
  return (BigInt(`0x${caught}`) & (1n << BigInt(constants.signals.SIGHUP - 1))) !== 0n;
}

let server: Running | undefined;
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await server?.close();
  server = undefined;
});

describe('what was typed wrong', () => {
  it.each([
    [['chek'], 'faultline: unknown command chek: did you mean check?'],
    [['check', '--jsn'], 'faultline: unknown option --jsn: did you mean --json?'],
    [['check', '--for', '-5s'], 'faultline: --for -5s is negative: write a duration like 20s, 500ms or 2m'],
    [['check', '--target', 'localhost:1'], 'did you mean http://localhost:1?'],
    [['scenarios', 'trafic-spike'], 'faultline: unknown scenario trafic-spike: did you mean traffic-spike?'],
    [['run'], 'faultline: run needs a scenario'],
    [['run', 'databse-down'], 'did you mean database-down?'],
    [['run', 'all', 'twice'], 'faultline: twice is too much for faultline run'],
    [['run', 'all', '--record', '/nowhere/at/all'], 'there is no folder /nowhere/at'],
    [['run', 'cpu-limit', '--findings', 'x.md'], '--findings is for --lab swarm'],
    [['run', 'cpu-limit', '--lab', 'swarm', '--hold', '5s'], 'Swarm heals by itself'],
    [['demo', '--lab', 'dokcer'], 'faultline: unknown lab dokcer: did you mean docker?'],
    [['demo', 'nothing-like-it'], 'faultline: unknown scenario nothing-like-it: it is one of traffic-spike'],
    [['--read-onyl'], 'faultline: unknown option --read-onyl: did you mean --read-only?'],
    [['help', 'chek'], 'did you mean check?'],
  ])('%j is answered in one line, with 2', async (argv, line) => {
    const { code, out, err } = await faultline(...argv);
    expect(err).toContain(line);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
    expect(out).toBe('');
    expect(code).toBe(2);
  });

  it('a lab without its Docker is 3: which endpoint, why, and what mends it', async () => {
    for (const argv of [
      ['run', 'all', '--lab', 'docker'],
      ['run', 'all', '--lab', 'swarm'],
      ['lab', 'down'],
    ]) {
      const { code, out, err } = await faultlineWith({ DOCKER_HOST: 'unix:///nowhere/docker.sock' }, ...argv);
      expect(err).toContain('unix:///nowhere/docker.sock');
      expect(err).toContain('there is no such socket');
      expect(err).not.toContain('    at ');
      expect(out).toBe('');
      expect(code).toBe(3);
    }
  });

  it('a failure that the Docker lab cannot be given is 3 before anything is started', async () => {
    const { id = '' } = failureModes.find(({ causes }) => !causes.docker) ?? {};
    const { code, err } = await faultline('run', id, '--lab', 'docker');
    expect(err).toContain(`${id} cannot be caused on the Docker lab`);
    expect(code).toBe(3);
  });

  it('so is one that no lab causes, and why none does is said, by a demonstration too', async () => {
    const { notCaused = '' } = failureModes.find(({ id }) => id === 'http-errors') ?? {};
    for (const command of ['run', 'demo']) {
      const { code, out, err } = await faultline(command, 'http-errors');
      expect(err).toContain(`http-errors cannot be caused on the embedded lab: ${notCaused}`);
      expect(out).toBe('');
      expect(code).toBe(3);
    }
  });

  it('so is one that a Swarm service cannot be given; a dry run says what it can', async () => {
    const refused = await faultline('run', 'latency', '--lab', 'swarm');
    expect(refused.err).toContain('container-kill, cpu-limit, memory-limit can');
    expect(refused.code).toBe(3);
    const dry = await faultline('run', 'all', '--lab', 'swarm', '--dry-run');
    expect(dry.out).toContain('docker service update --limit-memory 50m');
    expect(dry.code).toBe(0);
  });
});

describe('help', () => {
  it('teaches, for the program and for each command', async () => {
    const general = await faultline('--help');
    expect(general.code).toBe(0);
    const commands = ['demo', 'check', 'scenarios', 'explain', 'run', 'undo', 'doctor'];
    for (const name of commands) expect(general.out).toContain(`\n  ${name} `);
    const pages = await Promise.all(commands.map((name) => faultline(name, '--help')));
    pages.forEach((page, i) => {
      expect(page.code).toBe(0);
      expect(page.out).toMatch(new RegExp(`^Usage: faultline ${commands[i]}`));
      expect(page.out).toContain('\nExamples\n');
      for (const line of page.out.split('\n')) expect(line.length).toBeLessThanOrEqual(120);
    });
    expect((await faultline('help', 'check')).out).toBe(pages[1]?.out);
  });

  it('prints the version of package.json', async () => {
    expect((await faultline('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe('headless commands', () => {
  it('lists the failure modes, and says all about one', async () => {
    const list = await faultline('scenarios');
    expect(list).toMatchObject({ code: 0, err: '' });
    expect(list.out).toContain('traffic-spike');
    const modes = JSON.parse((await faultline('scenarios', '--json')).out) as { id: string }[];
    const one = JSON.parse((await faultline('scenarios', 'traffic-spike', '--json')).out);
    expect(one).toEqual(modes.find((mode) => mode.id === 'resolver-saturation'));
    const text = (await faultline('scenarios', 'traffic-spike')).out;
    for (const heading of ['Symptoms', 'Alerts', 'Investigation', 'Root cause', 'Fix', 'Prevention'])
      expect(text).toContain(`\n${heading}\n`);
  });

  it('says what this host grants', async () => {
    const { code, out } = await faultline('doctor', '--json');
    expect(code).toBe(0);
    const report = JSON.parse(out);
    expect(report.schema).toBe('faultline/doctor/1');
    expect(report.node).toBe(process.versions.node);
    const ids = report.capabilities.map((capability: { id: string }) => capability.id);
    expect(ids).toEqual(expect.arrayContaining(['netlink', 'conntrack', 'lab', 'terminal']));
    expect((await faultline('doctor')).out).toContain('Embedded lab');
  });

  // Other tests load the same machine at the same time, so what else is found on it is no business of this one.
  const sick = (report: { findings: { severity: string }[] }): boolean =>
    report.findings.some((finding) => finding.severity !== 'notice');

  it('checks a target: 0 when it is well, 1 when it is not, 3 when nothing is known', async () => {
    server = await serve((request, response) => {
      if (request.url !== '/hangs') response.end('ok');
    });
    const gone = await refusedUrl();
    const [well, refused, unknown] = await Promise.all([
      faultline('check', '--for', '4s', '--json', '--target', `${server.url}/`),
      faultline('check', '--for', '7s', '--json', '--target', gone),
      faultline('check', '--for', '1s', '--target', `${server.url}/hangs`),
    ]);
    const healthy = JSON.parse(well.out);
    const host = new URL(server.url).host;
    expect(healthy.signals[`http.ok{GET ${host}/}`].value).toBe(1);
    expect(healthy.findings.filter((one: { target: string }) => one.target.includes(host))).toEqual([]);
    // What is suspected of the neighbours after four seconds is no verdict yet.
    const isSuspected = healthy.alerts.some((alert: { state: string }) => alert.state === 'pending');
    expect(well.code).toBe(sick(healthy) ? 1 : isSuspected ? 3 : 0);
    const report = JSON.parse(refused.out);
    const keys = [
      'schema',
      'host',
      'capabilities',
      'signals',
      'unread',
      'findings',
      'risks',
      'alerts',
      'alertRules',
      'rules',
      'asked',
    ];
    expect(Object.keys(report)).toEqual(keys);
    const stopped = report.findings.find((one: { id: string }) => one.id === 'service-stopped');
    expect(stopped.target).toContain(new URL(gone).host);
    expect(stopped.evidence.length).toBeGreaterThan(0);
    expect(refused.code).toBe(1);
    expect(unknown.out).toContain('nothing is known of it');
    expect(unknown.code).toBe(/^(CRITICAL|WARNING)/m.test(unknown.out) ? 1 : 3);
  });
});

describe('endings', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s ends a check cleanly with %i', async (signal, code) => {
    const child = launch([cli, 'check', '--for', '60s']);
    const end = ended(child);
    await vi.waitFor(() => expect(listensForEnding(child.pid)).toBe(true), { timeout: 10_000 });
    child.kill(signal);
    expect(await end).toEqual({ code, out: '', err: '' });
  });

  it('is quiet when the reader has gone', async () => {
    const child = launch([cli, 'check', '--for', '1s']);
    const end = ended(child);
    child.stdout?.destroy();
    expect(await end).toMatchObject({ code: 141, err: '' });
  });

  it('a Node that is too old is told so before anything else is loaded', async () => {
    const old = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'20.1.0'})`;
    const { code, err } = await ended(launch(['--import', old, cli, 'scenarios']));
    expect(err).toContain('this is Node 20.1.0, and Faultline needs 22 or newer');
    expect(code).toBe(3);
  });
});

describe('the screen library', () => {
  /** Prints every module of Ink or React that is loaded. */
  const watch = `data:text/javascript,${encodeURIComponent(
    `import { registerHooks } from 'node:module';
    registerHooks({ load(url, context, next) {
      if (/node_modules\\/(ink|react)\\//.test(url)) process.stderr.write('LOADED ' + url + '\\n');
      return next(url, context);
    } });`,
  )}`;

  it('would be noticed', async () => {
    const { err } = await ended(
      launch(['--import', watch, '--input-type=module', '-e', "await import('ink')"]),
    );
    expect(err).toContain('LOADED');
  });

  it.each([
    [['check', '--for', '1s']],
    [['scenarios']],
    [['explain', 'MTTR']],
    [['doctor']],
    [['undo']],
    [['--help']],
    [['run', 'nope']],
  ])('is not loaded by %j', async (argv) => {
    const { err } = await ended(launch(['--import', watch, cli, ...argv]));
    expect(err).not.toContain('LOADED');
  });
});
