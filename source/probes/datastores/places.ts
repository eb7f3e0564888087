import { networkInterfaces } from 'node:os';
import type { DockerContainer } from '../../engines/docker/containers/docker-container.js';
import type { Workload } from '../../engines/engine.js';
import { isProcessOfContainer } from '../../linux/cgroup/container-process.js';
import { insideNetwork, networkOf } from '../../linux/namespace/inside-network.js';
import type { Libc } from '../../linux/namespace/libc.js';
import type { ServerProcess } from './processes.js';

/** Namespaces that are looked into at most. */
const MOST_PLACES = 64;

/** A network namespace in which a database may listen. */
export interface NetworkPlace {
  /** A process in it; null for our own network. */
  readonly pid: number | null;
  /** The container whose network it is; null for this host's, and for one that no container has. */
  readonly workload: string | null;
  readonly image: string | null;
  readonly paused: boolean;
  /** By which others know what listens on every address there. */
  readonly address: string;
  /** Of a container that the daemon tells of: what Docker itself listens on for it, on the host. */
  readonly published: readonly number[];
  readonly processes: readonly ServerProcess[];
}

const isContainer = (one: Workload): one is DockerContainer => 'networks' in one;

/** Every network of this host in which a workload runs or a process is named as a database, our own first. */
export function placesOf(
  workloads: readonly Workload[],
  processes: readonly ServerProcess[],
  libc: Libc | undefined,
): { readonly places: NetworkPlace[]; readonly left: number } {
  const own = tryNetwork('thread-self');
  const byNetwork = new Map<string, NetworkPlace>();
  const inNetwork = (network: string | undefined): ServerProcess[] =>
    processes.filter((one) => one.network !== undefined && one.network === network);
  const host: NetworkPlace = {
    ...{ pid: null, workload: null, image: null, paused: false, address: '127.0.0.1' },
    published: publishedPorts(workloads),
    processes: own === undefined ? [...processes] : inNetwork(own),
  };
  let left = 0;
  for (const one of workloads) {
    if (!isContainer(one) || one.pid === null || !isThere(one) || !isProcessOfContainer(one.pid, one.id))
      continue;
    const network = tryNetwork(one.pid);
    if (network === undefined || network === own || byNetwork.has(network)) continue;
    if (byNetwork.size >= MOST_PLACES) left++;
    else
      byNetwork.set(network, {
        pid: one.pid,
        workload: one.name,
        image: one.image,
        paused: one.state === 'paused',
        address: one.networks.find(({ address }) => address !== null)?.address ?? '127.0.0.1',
        published: [],
        processes: inNetwork(network),
      });
  }
  for (const { network, pid } of processes) {
    if (network === undefined || network === own || byNetwork.has(network) || byNetwork.size >= MOST_PLACES)
      continue;
    const address = libc && addressInside(libc, pid);
    if (address === undefined) continue;
    byNetwork.set(network, {
      ...{ pid, workload: null, image: null, paused: false, address },
      published: [],
      processes: inNetwork(network),
    });
  }
  return { places: [host, ...byNetwork.values()], left };
}

const isThere = ({ state }: Workload): boolean =>
  state === 'running' || state === 'starting' || state === 'paused';

/** Ports of this host behind which a container that runs listens: what it says there it says itself. */
function publishedPorts(workloads: readonly Workload[]): number[] {
  return workloads.flatMap((one) =>
    isContainer(one) && isThere(one) && one.pid !== null
      ? one.publishedPorts.flatMap(({ hostPort }) => hostPort ?? [])
      : [],
  );
}

/** The first address of a namespace that others may know it by; undefined where it has none. */
function addressInside(libc: Libc, pid: number): string | undefined {
  try {
    const all = insideNetwork(libc, pid, () => networkInterfaces());
    return Object.values(all)
      .flatMap((of) => of ?? [])
      .find(({ internal, family }) => !internal && family === 'IPv4')?.address;
  } catch {
    return undefined;
  }
}

function tryNetwork(pid: number | 'thread-self'): string | undefined {
  try {
    return networkOf(pid);
  } catch {
    return undefined;
  }
}
