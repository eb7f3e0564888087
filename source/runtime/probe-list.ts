import type { Clock } from '../clock.js';
import type { DockerEngine } from '../engines/docker/docker-engine.js';
import type { Engine } from '../engines/engine.js';
import type { Lab } from '../labs/lab.js';
import { createConntrackProbe } from '../probes/conntrack/conntrack-probe.js';
import { createDnsProbe } from '../probes/dns/dns-probe.js';
import { createEventsProbe } from '../probes/events/events-probe.js';
import { createHttpProbe } from '../probes/http/http-probe.js';
import { createKernelProbe } from '../probes/kernel/kernel-probe.js';
import { createLogsProbe } from '../probes/logs/logs-probe.js';
import { createPostgresProbe } from '../probes/postgres/postgres-probe.js';
import { type Probe, Unavailable } from '../probes/probe.js';
import { createRedisProbe } from '../probes/redis/redis-probe.js';
import type { LabSample } from '../probes/samples.js';
import { createServicesProbe } from '../probes/services/services-probe.js';
import { createSocketsProbe } from '../probes/sockets/sockets-probe.js';
import { createSwarmProbe } from '../probes/swarm/swarm-probe.js';
import { hostDnsProbe } from './host-dns.js';

/** Paths of the lab's application that a customer would ask for. */
const LAB_PATHS = ['/', '/test-db', '/todos'];

export interface ProbeListOptions {
  readonly lab: Lab | undefined;
  /** Where the session's workloads live: the lab's engine, or Docker on a host. */
  readonly engine: Engine | undefined;
  readonly targets: readonly string[];
  readonly clock: Clock;
}

/** The probes of a session: the host's own, those of its targets, and on a lab those of its services. */
export function createProbes(options: ProbeListOptions): readonly Probe<unknown>[] {
  const { lab, engine, targets, clock } = options;
  return [
    ...(lab ? labProbes(lab, clock) : []),
    ...(engine ? engineProbes(engine, clock) : []),
    createSocketsProbe({
      clock,
      ...(engine ? { workloads: () => engine.list() } : {}),
      ...(lab ? { resolvers: [lab.addresses.resolver] } : {}),
    }),
    createKernelProbe(),
    createConntrackProbe(),
    ...targets.map((url) => createHttpProbe({ target: nameOfTarget(url), url, clock })),
    ...(lab ? [] : [hostDnsProbe(targets, clock)]),
  ];
}

function labProbes(lab: Lab, clock: Clock): Probe<unknown>[] {
  const { appUrl, resolver, databaseName, database, redis } = lab.addresses;
  const { host: address, port } = partsOf(resolver);
  return [
    ...LAB_PATHS.map((path) => createHttpProbe({ target: `GET ${path}`, url: `${appUrl}${path}`, clock })),
    createDnsProbe({ names: [databaseName], resolvers: [{ address, port }], clock }),
    createPostgresProbe({ ...database, clock }),
    ...(redis === undefined ? [] : [createRedisProbe({ ...partsOf(redis), clock })]),
    labCountersProbe(lab),
  ];
}

function engineProbes(engine: Engine, clock: Clock): Probe<unknown>[] {
  // Only Docker's engine has a client to ask.
  const docker = engine.kind === 'docker' ? () => (engine as DockerEngine).docker : undefined;
  const services = createServicesProbe({
    workloads: () => engine.list(),
    clock,
    ...(docker ? { docker } : {}),
  });
  return [
    {
      ...services,
      // Whether the daemon is there is known without asking it: seen at once when it is back.
      longestBackoffMs: services.intervalMs,
      run(context) {
        const trouble = engine.trouble?.();
        return trouble
          ? Promise.reject(new Unavailable('not-readable', trouble.reason, trouble.mend))
          : services.run(context);
      },
    },
    createLogsProbe({ subscribe: (listener) => engine.onLog(listener), clock }),
    ...(engine.kind === 'docker' ? [createEventsProbe({ engine, clock })] : []),
    ...(engine.kind === 'docker'
      ? [createSwarmProbe({ docker: () => (engine as DockerEngine).docker })]
      : []),
  ];
}

/** The lab's own counters, shown beside what is measured from outside. */
function labCountersProbe(lab: Lab): Probe<LabSample> {
  return {
    id: 'lab',
    cost: 'counter',
    intervalMs: 1000,
    timeoutMs: 2000,
    run: () => lab.counters(),
  };
}

/** The two parts of `address:port`. */
function partsOf(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}

/** `GET host/path`: short enough for a row, and still one target. */
function nameOfTarget(target: string): string {
  const url = new URL(target);
  return `GET ${url.host}${url.pathname}${url.search}`;
}
