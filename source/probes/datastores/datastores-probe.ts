import { type Clock, systemClock } from '../../clock.js';
import type { Workload } from '../../engines/engine.js';
import { loadLibc } from '../../linux/namespace/libc.js';
import type { Doors } from '../doors/doors.js';
import { inParallel } from '../matrix/in-parallel.js';
import { type Probe, type ProbeContext, Unavailable } from '../probe.js';
import type { Candidate } from './candidates.js';
import { type Found, namedServers, serversAt } from './find-servers.js';
import { type NetworkPlace, placesOf } from './places.js';
import { ServerProcesses } from './processes.js';
import type { Datastore, DatastoresSample } from './sample.js';
import { WatchedServer } from './watched-server.js';

export interface DatastoresProbeOptions {
  readonly workloads?: () => readonly Workload[];
  /** What else makes a database suspect now: a target that fails, a line that says it is full. Undefined for nothing. */
  readonly suspicion?: () => string | undefined;
  /** MySQL servers that were asked for by name: their greeting is read, as seldom as that of any. */
  readonly mysql?: readonly { readonly host: string; readonly port: number }[];
  /** Turns at listeners, where other probes connect as well. */
  readonly doors?: Doors;
  readonly clock?: Clock;
  /** How long a server may take for its first word, ms; 2,000 by default. */
  readonly patienceMs?: number;
}

/** Looks follow each other quickly at first: containers are not listed at once. */
const FIRST_MS = 1_000;
const FIRST_LOOKS = 3;
const INTERVAL_MS = 5_000;
/** Servers watched at most, and asked at the same time: of each at most one connection is open. */
const MOST_SERVERS = 64;
const AT_ONCE = 4;
/** A server that has gone is told of so long (ms). */
const REMEMBERED_MS = 600_000;

/**
 * Finds the databases and brokers of this host and its containers by their processes, images and ports, and has each
 * say how it is, as far as it does before a login: no credentials, one connection at a time, none to a queue that is
 * more than half full. Those that log a broken-off handshake are judged by their connections and asked when suspected.
 */
export function createDatastoresProbe(options: DatastoresProbeOptions = {}): Probe<DatastoresSample> {
  const { workloads = () => [], suspicion = () => undefined, patienceMs = 2_000, doors } = options;
  const clock = options.clock ?? systemClock;
  const processes = new ServerProcesses();
  const known = new Map<string, WatchedServer>();
  let looks = 0;

  const look = async ({ signal }: ProbeContext): Promise<DatastoresSample> => {
    const libc = await loadLibc().catch(() => undefined);
    const all = workloads();
    const { places, left } = placesOf(all, processes.list(clock.now()), libc);
    const missing = left > 0 ? [`${left} more networks are not looked into for databases`] : [];
    const found: Found[] = [];
    for (const place of places)
      try {
        found.push(...(await serversAt(place, { pid: place.pid, libc, signal }, processes)));
      } catch (error) {
        signal.throwIfAborted();
        const { message } = error as Error;
        if (place.pid === null) throw new Unavailable('not-readable', `listeners: ${message}`);
        missing.push(`${place.workload ?? `process ${place.pid}`}: ${message}`);
      }
    found.push(...namedServers(options.mysql ?? [], found));
    const parts = { libc, signal, clock, patienceMs, doors, names: namesOf(all), suspicion: suspicion() };
    const watched = found.slice(0, MOST_SERVERS);
    const datastores = await inParallel(watched, AT_ONCE, ({ candidate, established }) =>
      serverOf(candidate).look(candidate, established, parts),
    );
    const gone = goneServers(places, new Set(watched.map(({ candidate }) => keyOf(candidate))));
    return {
      means: libc ? 'netlink sock_diag' : '/proc/<pid>/net/tcp',
      // What listens on such a port and speaks another protocol is none.
      datastores: [...datastores.filter(({ state }) => state !== 'other'), ...gone],
      missing,
    };
  };

  const serverOf = (candidate: Candidate): WatchedServer => {
    const key = keyOf(candidate);
    const server = known.get(key) ?? new WatchedServer();
    known.set(key, server);
    return server;
  };

  /** Servers whose network is still there and that no longer listen: those that were one for sure. */
  const goneServers = (places: readonly NetworkPlace[], present: ReadonlySet<string>): Datastore[] => {
    const there = new Set(places.map(placeKey));
    const gone: Datastore[] = [];
    for (const [key, { last, seenAt }] of known) {
      if (present.has(key)) continue;
      const [place = ''] = key.split('\n');
      const old = clock.now() - seenAt > REMEMBERED_MS;
      const sure = last !== undefined && last.knownBy !== 'port' && last.used;
      if (!last || old || !sure || !there.has(place)) {
        known.delete(key);
        continue;
      }
      gone.push({
        ...last,
        ...{
          state: 'refused',
          said: 'nobody listens there any more',
          answerMs: null,
          process: null,
          note: null,
        },
        ...{ queued: 0, frozen: false, clients: 0, slots: null, holders: [] },
      });
    }
    return gone;
  };

  return {
    id: 'datastores',
    cost: 'network',
    get intervalMs() {
      return looks < FIRST_LOOKS ? FIRST_MS : INTERVAL_MS;
    },
    timeoutMs: 30_000,
    async run(context: ProbeContext): Promise<DatastoresSample> {
      if (process.platform !== 'linux')
        throw new Unavailable('not-supported', 'which processes listen is read from the Linux kernel');
      looks++;
      return await look(context);
    },
  };
}

/** Containers by their addresses. */
function namesOf(workloads: readonly Workload[]): ReadonlyMap<string, string> {
  return new Map(
    workloads.flatMap((one) =>
      'networks' in one
        ? (one.networks as readonly { readonly address: string | null }[]).flatMap(({ address }) =>
            address === null ? [] : [[address, one.name] as const],
          )
        : [],
    ),
  );
}

const placeKey = ({ workload, pid }: NetworkPlace): string =>
  workload ?? (pid === null ? 'host' : `process ${pid}`);
const keyOf = ({ place, address }: Candidate): string => `${placeKey(place)}\n${address}`;
