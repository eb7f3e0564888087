import type { Clock } from '../clock.js';
import type { DockerEngine } from '../engines/docker/docker-engine.js';
import type { Engine } from '../engines/engine.js';
import { joinHostPort } from '../linux/ip-address.js';
import { createConntrackProbe } from '../probes/conntrack/conntrack-probe.js';
import { createEventsProbe } from '../probes/events/events-probe.js';
import { createHttpProbe } from '../probes/http/http-probe.js';
import { createKernelProbe } from '../probes/kernel/kernel-probe.js';
import { createLogsProbe } from '../probes/logs/logs-probe.js';
import { createPostgresProbe } from '../probes/postgres/postgres-probe.js';
import { type Probe, Unavailable } from '../probes/probe.js';
import { createRedisProbe } from '../probes/redis/redis-probe.js';
import { createServicesProbe } from '../probes/services/services-probe.js';
import { createSocketsProbe } from '../probes/sockets/sockets-probe.js';
import { createSwarmProbe } from '../probes/swarm/swarm-probe.js';
import type { WatchSettings } from '../probes/watch-settings.js';
import { namesProbe } from './names-probe.js';

export interface ProbeListOptions {
  /** Where the session's workloads live: the lab's engine, or Docker on a host. */
  readonly engine: Engine | undefined;
  /** What is watched beside the host and its workloads. */
  readonly settings: WatchSettings;
  readonly clock: Clock;
}

/** The probes of a session: the host's own, those of its workloads, and those of what it was told to watch. */
export function createProbes(options: ProbeListOptions): readonly Probe<unknown>[] {
  const { engine, settings, clock } = options;
  return [
    ...settings.targets.map(({ name, url }) => createHttpProbe({ target: name, url, clock })),
    namesProbe(settings, clock),
    ...settings.databases.map(({ reserve, ...login }) =>
      createPostgresProbe({
        ...login,
        ...(reserve ? { superuser: reserve.user, superuserPassword: reserve.password } : {}),
        clock,
      }),
    ),
    ...settings.redis.map((server) => createRedisProbe({ ...server, clock })),
    ...(engine ? engineProbes(engine, clock) : []),
    createSocketsProbe({
      clock,
      ...(engine ? { workloads: () => engine.list() } : {}),
      resolvers: settings.names.flatMap(({ server }) =>
        server === null ? [] : [joinHostPort(server.address, server.port)],
      ),
    }),
    createKernelProbe(),
    createConntrackProbe(),
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
