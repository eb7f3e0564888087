import { existsSync } from 'node:fs';
import type Docker from 'dockerode';
import type { DockerEngine } from '../../engines/docker/docker-engine.js';
import { withDeadline } from '../../engines/docker/link/deadline.js';
import { readCgroupMounts } from '../../linux/cgroup/read-cgroup.js';
import type { Capability } from '../../probes/capabilities.js';
import type { Patience } from './patience.js';

const BASE = { id: 'docker', title: 'Docker' } as const;
const INFO_MS = 5_000;

/** What GET /info tells that matters here; older daemons leave out the last ones. */
interface Info {
  readonly ID?: string;
  readonly Name?: string;
  readonly MemoryLimit?: boolean;
  readonly CpuCfsQuota?: boolean;
  readonly PidsLimit?: boolean;
  readonly CgroupVersion?: string;
  readonly CgroupDriver?: string;
}

/** Which Docker answers, where, with which cgroups, and what of it cannot be had. Never rejects. */
export async function examineDocker(engine: DockerEngine, patience: Patience): Promise<Capability> {
  try {
    const availability = await patience.orNull(engine.settled());
    if (availability === null) return cutOff(engine, patience);
    const { docker } = engine;
    const trouble = engine.trouble();
    if (availability.state !== 'available' || docker === null || trouble !== undefined)
      return {
        ...BASE,
        state: 'no',
        means: 'none; the embedded lab needs no Docker',
        reason: trouble?.reason ?? 'Docker does not answer',
        mend: trouble?.mend ?? null,
      };
    const info = await patience.orNull(askInfo(docker));
    if (info === null) return cutOff(engine, patience);
    const { product, version, apiVersion, endpoint } = availability;
    const means = `${product} ${version} (API ${apiVersion}) at ${endpoint}, ${cgroupText(info)}`;
    const missing = missingOf(info, engine);
    return missing === undefined
      ? { ...BASE, state: 'yes', means, reason: null, mend: null }
      : { ...BASE, state: 'partly', means, ...missing };
  } catch (error) {
    return { ...BASE, state: 'no', means: 'none', reason: (error as Error).message, mend: 'docker info' };
  }
}

/** It answers, and not with all that was asked before time was up. */
function cutOff(engine: DockerEngine, { ms }: Patience): Capability {
  const { listed, detailed } = engine.stock();
  const told =
    listed === 0 ? 'has not told what it has' : `has told of ${detailed} of its ${listed} containers`;
  return {
    ...BASE,
    state: 'partly',
    means: 'it answers, slowly',
    reason: `cut off after ${ms / 1_000} s: Docker ${told}`,
    mend: 'time docker ps -a; time docker info   # how long it takes',
  };
}

function askInfo(docker: Docker): Promise<Info> {
  // The types know this call only without a way to end it.
  const abortable = docker as unknown as { info(options: { abortSignal: AbortSignal }): Promise<Info> };
  return withDeadline(INFO_MS, (abortSignal) => abortable.info({ abortSignal }));
}

/** Before Docker 20.10 there was version 1 only, and it was not told. */
function cgroupText({ CgroupVersion: version = '1', CgroupDriver: driver }: Info): string {
  return `cgroup v${version}${driver ? ` by ${driver}` : ''}`;
}

function missingOf(info: Info, engine: DockerEngine): { reason: string; mend: string | null } | undefined {
  const running = engine.list().filter(({ state }) => state === 'running');
  if (running.length > 0 && running.every(({ pid }) => pid === null))
    return {
      reason:
        "its containers' processes are not on this host (another machine, or a virtual one): their use is asked of Docker every 5 s, and their namespaces are closed",
      mend: `ssh ${info.Name ?? 'HOST'} faultline   # where those containers run`,
    };
  const unlimited = [
    ...(info.MemoryLimit === false ? ['memory'] : []),
    ...(info.CpuCfsQuota === false ? ['CPU'] : []),
    ...(info.PidsLimit === false ? ['pids'] : []),
  ];
  if (unlimited.length > 0)
    return {
      reason: `this kernel or its cgroups cannot limit: ${unlimited.join(', ')}`,
      mend: 'docker info 2>&1 | grep WARNING',
    };
  if (existsSync('/proc/self/mountinfo') && readCgroupMounts().length === 0)
    return {
      reason: 'no cgroup is mounted where Faultline runs: use of containers is asked of Docker every 5 s',
      mend: 'mount -t cgroup2 none /sys/fs/cgroup',
    };
  return undefined;
}
