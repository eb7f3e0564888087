import { isIP } from 'node:net';
import type Docker from 'dockerode';
import type { ContainerCreateOptions } from 'dockerode';
import { statusOf } from '../../engines/docker/link/deadline.js';
import type { HttpTarget } from '../../probes/watch-settings.js';
import { type LabPart, PART_PORT, type PartAddress, type Parts, type SwitchBoard } from '../part.js';
import { addressIn, type LabPlan } from './container-options.js';
import { freePorts } from './free-ports.js';
import { memberLabels } from './labels.js';
import { lastLines } from './log-tail.js';
import { MEMBERS, type Role } from './members.js';
import type { LabNames } from './names.js';
import { writeSwitches } from './switch-file.js';

const PROGRAMS = '/opt/faultline/parts';
/** TCP port of each kind of member, in its container. */
const PORTS: Partial<Record<Role, number>> = {
  proxy: 80,
  app: 5000,
  database: 5432,
  cache: 6379,
  resolver: 53,
};
/** Whoever asks for the application asks what stands in front of its replicas. */
const APP = 'todo-app';
const FRONT = 'gateway';
const LOOPBACK = '127.0.0.1';
const STOP_SECONDS = 3;
const READY_MS = 15_000;
const ASK_AGAIN_MS = 100;
/** Lines of its log among which it is looked for, and the last of which are told. */
const TAIL = 50;

export interface DockerParts {
  readonly docker: Docker;
  readonly plan: LabPlan;
  readonly names: LabNames;
  readonly switches: SwitchBoard;
}

/** Parts as containers of the lab's image on its network; labelled as the lab's, they go with it. */
export function dockerParts({ docker, plan, names, switches }: DockerParts): Parts {
  const brought = new Map<string, PartAddress>();
  const targets = new Map<string, HttpTarget>();
  const where = (name: string): PartAddress => {
    const member = MEMBERS.find((one) => one.name === (name === APP ? FRONT : name));
    const port = member && PORTS[member.role];
    if (member && port !== undefined) return { host: addressIn(plan.network, member.name), port };
    const address = brought.get(name);
    if (address === undefined) throw new Error(`${name} is not on the lab, or does not listen`);
    return address;
  };
  const remove = async (name: string): Promise<void> => {
    brought.delete(name);
    targets.delete(name);
    await unlessGone(docker.getContainer(names(name)).remove({ force: true }));
  };
  return {
    async bring(parts, signal) {
      switches.learn(parts);
      for (const part of parts) {
        signal?.throwIfAborted();
        // Its own over restarts, as Docker's would not be.
        const [published] = part.target ? await freePorts(1) : [];
        const container = await docker.createContainer(
          partOptions(plan, part, { name: names(part.name), where, published }),
        );
        await writeSwitches(docker, container.id, switches.on());
        await container.start();
        await untilReady(container, part.name, signal);
        const { NetworkSettings } = await container.inspect();
        const host = NetworkSettings.Networks[plan.network.name]?.IPAddress;
        if (host && part.port !== undefined) brought.set(part.name, { host, port: part.port });
        if (part.target && published !== undefined)
          targets.set(part.name, part.target({ host: LOOPBACK, port: published }));
      }
    },
    async takeAway(parts) {
      for (const { name } of [...parts].reverse()) await remove(name);
    },
    async startAnew(wanted) {
      await Promise.all(
        wanted.map(async (name) => {
          const container = docker.getContainer(names(name));
          await unlessGone(writeSwitches(docker, container.id, switches.on()));
          await unlessGone(container.restart({ t: STOP_SECONDS }));
        }),
      );
    },
    targets: () => [...targets.values()],
  };
}

function partOptions(
  plan: LabPlan,
  part: LabPart,
  {
    name,
    where,
    published,
  }: {
    readonly name: string;
    readonly where: (name: string) => PartAddress;
    /** Port of 127.0.0.1 at which this host reaches its own; undefined: it does not. */
    readonly published: number | undefined;
  },
): ContainerCreateOptions {
  const { container = {}, openFiles, port } = part;
  const settings = {
    ...(port === undefined ? {} : { [PART_PORT]: String(port) }),
    ...part.settings?.(where),
  };
  return {
    name,
    Hostname: part.name,
    Image: plan.image,
    Entrypoint: ['node', `${PROGRAMS}/${part.program}.mjs`],
    Cmd: [],
    Env: Object.entries(settings).map(([key, value]) => `${key}=${value}`),
    Labels: { ...memberLabels(plan.id, { name: part.name, service: part.name }) },
    StopSignal: 'SIGTERM',
    StopTimeout: STOP_SECONDS,
    ...(published === undefined ? {} : { ExposedPorts: { [`${port}/tcp`]: {} } }),
    HostConfig: {
      ...(published === undefined
        ? {}
        : { PortBindings: { [`${port}/tcp`]: [{ HostIp: LOOPBACK, HostPort: String(published) }] } }),
      LogConfig: { Type: 'json-file', Config: { 'max-size': '8m', 'max-file': '1' } },
      NetworkMode: plan.network.name,
      ...(openFiles === undefined ? {} : { Ulimits: [{ Name: 'nofile', Soft: openFiles, Hard: openFiles }] }),
      ...(container.memoryBytes === undefined
        ? {}
        : { Memory: container.memoryBytes, MemorySwap: container.memoryBytes }),
      ...(container.restart === undefined ? {} : { RestartPolicy: { Name: container.restart } }),
      CapAdd: [...(container.capabilities ?? [])],
      Sysctls: { ...container.sysctls },
      Dns: (container.dns ?? []).map((server) => (isIP(server) ? server : where(server).host)),
      DnsOptions: [...(container.dnsOptions ?? [])],
      DnsSearch: [...(container.dnsSearch ?? [])],
    },
    NetworkingConfig: { EndpointsConfig: { [plan.network.name]: { Aliases: [part.name] } } },
  };
}

/** A container that is not there is no trouble. */
async function unlessGone(work: Promise<unknown>): Promise<void> {
  await work.catch((error) => {
    if (statusOf(error) !== 404) throw error;
  });
}

/** Waits for its line `ready`. Rejects with its last words when it ends before, or says nothing in time. */
async function untilReady(container: Docker.Container, name: string, signal?: AbortSignal): Promise<void> {
  const until = performance.now() + READY_MS;
  for (;;) {
    signal?.throwIfAborted();
    const said = await lastLines(container, TAIL);
    if (said.includes('ready')) return;
    const { State } = await container.inspect();
    const ended = !State.Running && !State.Restarting;
    if (ended || performance.now() > until) {
      const what = ended ? `ended (exit ${State.ExitCode})` : 'was not ready within 15 s';
      throw new Error(`${name} ${what}: ${said.slice(-3).join(' / ') || 'it said nothing'}`);
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
}
