import type { ContainerFacts, ServiceSample, WorkloadEvent } from '../../source/probes/samples.js';
import { typedEvent } from '../../source/store/old-recordings.js';
import type { World } from './history.js';
import { START } from './history.js';
import { DATABASE, dns, everyTarget, kernel, postgres, sockets } from './samples.js';

/** A host of containers as its probes see it, second by second: under names that no rule may know. */

export const MIB = 1024 * 1024;

export const facts = (over: Partial<ContainerFacts> = {}): ContainerFacts => ({
  id: '7e92'.repeat(16),
  image: 'shop:1',
  status: 'running',
  health: 'none',
  restartPolicy: 'no',
  composeProject: 'shop',
  networks: [],
  publishedPorts: [],
  limits: { memoryBytes: null, cpus: null, pids: null },
  pids: 8,
  throttling: null,
  throttledPercent: null,
  oomKills: 0,
  ...over,
});

type Over = Partial<Omit<ServiceSample, 'container'>> & { readonly container?: Partial<ContainerFacts> };

function container(name: string, port: number, { container: facet, ...over }: Over = {}): ServiceSample {
  return {
    name,
    state: 'running',
    pid: port,
    ageMs: 60_000,
    cpuPercent: 3,
    memoryBytes: 50 * MIB,
    openFds: 40,
    fdLimit: 1024,
    restarts: 0,
    lastExit: null,
    ports: [{ protocol: 'tcp', port }],
    processState: 'S',
    container: facts(facet),
    ...over,
  };
}

/** A front, two replicas behind it, and a store; `over` changes some of them. */
export function containerServices(over: Readonly<Record<string, Over>> = {}) {
  const services = [
    container('front', 5000, over.front),
    container('shop-1', 8001, { group: 'shop', ...over['shop-1'] }),
    container('shop-2', 8002, { group: 'shop', ...over['shop-2'] }),
    container('store', 5432, over.store),
  ];
  return { services, means: 'cgroup v1', missing: [] };
}

/** A container that has ended: no process, and no port any more. */
export const gone = (code: number, meaning: string): Over => ({
  state: 'exited',
  pid: null,
  processState: null,
  cpuPercent: null,
  memoryBytes: null,
  ports: [],
  lastExit: { code, signal: null, at: START, meaning },
});

/** An event at a second of the run, with the figures that its detail tells. */
export const event = (t: number, workload: string, action: string, detail = ''): WorkloadEvent =>
  typedEvent({ at: START + t * 1000, workload, action, detail });

/** What of a run's events is known at a second of it: those of the last two minutes. */
export const eventsAt = (t: number, all: readonly WorkloadEvent[]): World => ({
  events: {
    events: all.filter(({ at }) => at <= START + t * 1000 && at > START + (t - 120) * 1000),
    lost: 0,
  },
});

/** All is well for everybody, asked every other second. */
export const fine = (t: number): World => ({
  ...(t % 2 === 0 ? { ...everyTarget(), dns: dns(), postgres: postgres({ address: DATABASE }) } : {}),
  services: containerServices(),
  sockets: sockets(),
  kernel: kernel({ 'Tcp.PassiveOpens': 3 * t, 'Tcp.OutSegs': 50 * t }),
});
