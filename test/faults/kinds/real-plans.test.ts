import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dryRunOf } from '../../../source/commands/inject/dry-run.js';
import type { DockerEngine } from '../../../source/engines/docker/docker-engine.js';
import { ensureImage } from '../../../source/engines/docker/images/ensure-image.js';
import { toolboxRecipe } from '../../../source/engines/docker/images/toolbox-image.js';
import type { FaultDesk } from '../../../source/faults/desk/fault-desk.js';
import { createFaultDesk } from '../../../source/faults/desk/fault-desk.js';
import type { FaultSpec } from '../../../source/faults/fault-spec.js';
import { planner } from '../../../source/faults/kinds/planner.js';
import { connected, dockerOf, notRun, whyNoDocker } from '../../engines/docker/real-docker.js';

const reason = await whyNoDocker();
const LABELS = { 'faultline.test': 'plans', 'faultline.target': 'true' };
const NAMES = {
  network: `faultline-test-plans-${process.pid}`,
  web: `plans-web-${process.pid}`,
  db: `plans-db-${process.pid}`,
};

/** Ways that a program in the target sees the network: a UDP send, a connection, a lookup; one line each. */
const LOOK = `
import socket, sys, time
def timed(what, act):
    start = time.monotonic()
    try:
        said = act()
    except OSError as error:
        said = type(error).__name__ + ' ' + str(error.errno)
    print(what, said, round((time.monotonic() - start) * 1000))
peer, name = sys.argv[1], sys.argv[2]
timed('udp', lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', (peer, 9)))
timed('tcp', lambda: socket.create_connection((peer, 8000), 0.7) and 'open')
timed('name', lambda: socket.getaddrinfo(name, 80) and 'found')
`;

if (reason !== null) notRun('plans of faults in containers', reason);
else
  describe('plans, carried out on a container', () => {
    let engine: DockerEngine;
    let desk: FaultDesk;
    let peer = '';
    const state = mkdtempSync(join(tmpdir(), 'faultline-plans-'));

    beforeAll(async () => {
      process.env.FAULTLINE_STATE_DIR = state;
      engine = await connected();
      const docker = dockerOf(engine);
      const image = await ensureImage(toolboxRecipe(), { docker });
      await docker.createNetwork({ Name: NAMES.network, Labels: LABELS });
      const start = async (name: string, Cmd: string[]): Promise<string> => {
        const HostConfig = { NetworkMode: NAMES.network, Init: true, Memory: 64 << 20, MemorySwap: 64 << 20 };
        const container = await docker.createContainer({
          name,
          Image: image,
          Cmd,
          Labels: LABELS,
          HostConfig,
        });
        await container.start();
        return (await container.inspect()).NetworkSettings.Networks[NAMES.network]?.IPAddress ?? '';
      };
      await start(NAMES.web, ['sleep', '600']);
      peer = await start(NAMES.db, ['python3', '-m', 'http.server', '8000']);
      desk = createFaultDesk({ engine, planner, image });
    });

    afterAll(async () => {
      await desk.close();
      const docker = dockerOf(engine);
      for (const name of [NAMES.web, NAMES.db]) await docker.getContainer(name).remove({ force: true });
      await docker.getNetwork(NAMES.network).remove();
      await engine.close();
      rmSync(state, { recursive: true, force: true });
    });

    /** What `docker exec` of the look prints, by the first word of each line. */
    async function look(): Promise<Record<string, string>> {
      const docker = dockerOf(engine);
      const command = ['python3', '-c', LOOK, peer, NAMES.db];
      const exec = await docker
        .getContainer(NAMES.web)
        .exec({ Cmd: command, AttachStdout: true, AttachStderr: true, Tty: true });
      let text = '';
      for await (const chunk of await exec.start({ Tty: true })) text += String(chunk);
      return Object.fromEntries(
        text
          .trim()
          .split(/\r?\n/)
          .map((line) => line.split(/ (.*)/)),
      );
    }

    /** Causes it, looks from inside, rolls it back; it has to have its effect and to be gone without a difference. */
    async function through(spec: FaultSpec, meanwhile?: () => Promise<void>): Promise<void> {
      const fault = await desk.inject(spec, { scenario: 'test', ttlMs: 60_000 });
      try {
        expect(fault.effect).toMatchObject({ verdict: 'Confirmed' });
        await meanwhile?.();
      } finally {
        expect(await desk.undo(fault.plan.id)).toMatchObject({ clean: true, residue: [] });
      }
    }

    it('a dry run reads and writes nothing', { timeout: 60_000 }, async () => {
      const said: string[] = [];
      const io = {
        print: (text: string) => said.push(text),
        say: (text: string) => said.push(text),
        json: (value: unknown) => said.push(JSON.stringify(value)),
        progress() {},
        ask: async () => null,
      };
      const typed = { on: NAMES.web, spec: { kind: 'loss', target: NAMES.web, percent: 10 } } as const;
      const options = { forMs: 5000, json: false, io, signal: new AbortController().signal };
      expect(await dryRunOf(engine, typed, options)).toBe(0);
      expect(said.join('\n')).toContain('numgen random mod 10000 < 1000 counter drop');
      const written = readdirSync(state, { recursive: true, withFileTypes: true });
      expect(written.filter((entry) => entry.isFile())).toEqual([]);
      expect(await look()).toMatchObject({ tcp: expect.stringMatching(/^open/) });
    });

    it('a partition is silent for UDP, a timeout for TCP, and gone after', { timeout: 60_000 }, async () => {
      await through({ kind: 'drop-peer', target: NAMES.web, peers: [peer], ways: 'out' }, async () => {
        const seen = await look();
        expect(seen.udp).toMatch(/^1 /);
        expect(seen.tcp).toMatch(/^TimeoutError/);
      });
      expect(await look()).toMatchObject({ tcp: expect.stringMatching(/^open/) });
    });

    it("Docker's own resolver is asked in vain", { timeout: 60_000 }, async () => {
      await through({ kind: 'dns-answer', target: NAMES.web, rcode: 'NXDOMAIN' }, async () => {
        const seen = await look();
        // EAI_NONAME (netdb.h); the address works all the while.
        expect(seen.name).toMatch(/^gaierror -2 /);
        expect(seen.tcp).toMatch(/^open/);
      });
      expect(await look()).toMatchObject({ name: expect.stringMatching(/^found/) });
    });

    it('delay and a rate', { timeout: 60_000 }, async () => {
      await through({ kind: 'delay', target: NAMES.web, ms: 150 });
      await through({ kind: 'bandwidth', target: NAMES.web, kbitPerSecond: 1000, queueMs: 300 });
    });

    it('limits, and the memory that is taken up to them', { timeout: 90_000 }, async () => {
      await through({ kind: 'cpu', target: NAMES.web, cpus: 0.5 });
      await through({ kind: 'open-files', target: NAMES.web, limit: 64 });
      await through({ kind: 'memory', target: NAMES.web, bytes: 32 << 20 });
      await through({ kind: 'allocate', target: NAMES.web, bytes: 20 << 20, victim: 'worker' });
      await through({ kind: 'allocate', target: NAMES.web, bytes: 80 << 20, victim: 'pid-1' });
    });

    it('off a network and on it again, with its address', { timeout: 60_000 }, async () => {
      await through({ kind: 'disconnect', target: NAMES.web, network: NAMES.network });
      expect(await look()).toMatchObject({ tcp: expect.stringMatching(/^open/) });
    });
  });
