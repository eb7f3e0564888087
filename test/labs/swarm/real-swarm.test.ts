import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DockerEngine } from '../../../source/engines/docker/docker-engine.js';
import { ensureImage } from '../../../source/engines/docker/images/ensure-image.js';
import { toolboxRecipe } from '../../../source/engines/docker/images/toolbox-image.js';
import {
  connected,
  dockerOf,
  notRun,
  OwnDaemon,
  whyNoDaemon,
  whyNoDocker,
} from '../../engines/docker/real-docker.js';
import { eventually } from '../../helpers/until.js';

const why = (await whyNoDocker()) ?? whyNoDaemon();
if (why !== null) notRun('experiments on a Swarm service', why);

type Event = Record<string, unknown>;

describe.skipIf(why !== null)('a Swarm lab on a daemon of its own', () => {
  const daemon = new OwnDaemon();
  const state = mkdtempSync(join(tmpdir(), 'faultline-swarm-'));
  const findings = join(state, 'findings.md');
  let engine: DockerEngine;
  let docker: Docker;

  beforeAll(async () => {
    const usual = await connected();
    await daemon.start({ loopback: true });
    engine = await connected({ host: daemon.host });
    docker = dockerOf(engine);
    const tag = await ensureImage(toolboxRecipe(), { docker: dockerOf(usual) });
    await load(await dockerOf(usual).getImage(tag).get(), docker);
    await usual.close();
  }, 240_000);

  afterAll(async () => {
    await engine?.close();
    await daemon.remove();
    rmSync(state, { recursive: true, force: true });
  });

  /** Runs the built program; `onEvent` sees each line of its output that is JSON. */
  async function faultline(args: readonly string[], onEvent: (event: Event, pid: number) => void = () => {}) {
    const cli = fileURLToPath(
      new URL(`../../../${process.env.FAULTLINE_DIST ?? 'dist'}/source/cli.js`, import.meta.url),
    );
    const child = spawn(process.execPath, [cli, ...args], {
      env: { ...process.env, DOCKER_HOST: daemon.host, FAULTLINE_STATE_DIR: join(state, 'state') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: string[] = [];
    createInterface({ input: child.stdout }).on('line', (line) => {
      lines.push(line);
      if (line.startsWith('{"')) onEvent(JSON.parse(line), child.pid as number);
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const [code] = await once(child, 'close');
    return { code, lines, errors };
  }

  /** What a lab may leave: containers, networks, the swarm, entries in the journal. */
  async function leftBehind(): Promise<readonly string[]> {
    const [info, containers, networks] = await Promise.all([
      docker.info(),
      docker.listContainers({ all: true }),
      docker.listNetworks(),
    ]);
    return [
      ...(info.Swarm?.LocalNodeState === 'inactive' ? [] : ['a swarm']),
      ...containers.map(({ Names }) => `container ${Names[0]}`),
      ...networks
        .filter(({ Name }) => !/^(none|host|bridge)$/.test(Name))
        .map(({ Name }) => `network ${Name}`),
      ...journal().map((name) => `journal entry ${name}`),
    ];
  }

  const journal = (): string[] => readdirSync(join(state, 'state', 'journal'));

  it('a killed container is named, replaced and proven, findings are written, and nothing is left', async () => {
    const { code, lines, errors } = await faultline([
      ...['run', 'container-kill', '--lab', 'swarm', '--json', '--findings', findings],
    ]);
    const events = lines.map((line) => JSON.parse(line) as Event);
    expect(events.at(-1), `${errors}${lines.slice(-3).join('\n')}`).toMatchObject({
      result: 'passed',
      scenario: 'container-kill',
      named: 'container-kill',
      rank: 1,
      residue: [],
    });
    expect(code).toBe(0);
    expect([...new Set(events.slice(0, -1).map(({ phase }) => phase))]).toEqual([
      ...['baseline', 'inject', 'symptom', 'named', 'fix', 'verify', 'clean'],
    ]);
    const page = readFileSync(findings, 'utf8');
    expect(page).toContain('has the same limits as the old one: 0.3 cores, 384 MiB');
    expect(page).toContain('is kept in the service');
    expect(await leftBehind()).toEqual([]);
  });

  it('a console that is killed in the middle of a change leaves nothing, and undo agrees', async () => {
    let killed = false;
    await faultline(['run', 'memory-limit', '--lab', 'swarm', '--json'], ({ phase, state: at }, pid) => {
      if (killed || phase !== 'inject' || at !== 'begin') return;
      killed = true;
      process.kill(pid, 'SIGKILL');
    });
    expect(killed).toBe(true);
    const onDaemon = async () => (await leftBehind()).filter((left) => !left.startsWith('journal'));
    await eventually(async () => (await onDaemon()).length === 0);
    expect(await onDaemon()).toEqual([]);
    expect(journal().length).toBeGreaterThan(0);
    const { code, lines } = await faultline(['undo']);
    expect(lines[0]).toBe('Everything is rolled back.');
    expect(code).toBe(0);
    expect(await leftBehind()).toEqual([]);
  });
});

async function load(image: NodeJS.ReadableStream, docker: Docker): Promise<void> {
  const answer = await docker.loadImage(image);
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(answer as never, (error) => (error ? reject(error) : resolve()));
  });
}
