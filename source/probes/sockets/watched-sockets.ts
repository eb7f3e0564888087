import { joinHostPort } from '../../linux/ip-address.js';
import { onlyWorkloads, socketsOfWorkloads } from '../only-workloads.js';
import type { Probe } from '../probe.js';
import type { ProbeSession } from '../session.js';
import type { SocketsSample } from './sample.js';
import { createSocketsProbe } from './sockets-probe.js';

/** The sockets of a session: of its workloads alone, where it is told to watch nothing else. */
export function createWatchedSockets({ engine, settings, clock }: ProbeSession): Probe<SocketsSample> {
  const workloads = () => engine?.list() ?? [];
  const probe = createSocketsProbe({
    ...{ clock, workloads },
    resolvers: settings.names.flatMap(({ server }) =>
      server === null ? [] : [joinHostPort(server.address, server.port)],
    ),
  });
  return settings.workloadsOnly ? onlyWorkloads(probe, workloads, socketsOfWorkloads) : probe;
}
