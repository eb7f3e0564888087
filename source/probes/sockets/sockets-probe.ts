import { type Clock, systemClock } from '../../clock.js';
import type { Workload } from '../../engines/engine.js';
import { readLocalPorts } from '../../linux/proc-net/local-ports.js';
import type { SocketRow } from '../../linux/socket-row.js';
import { CgroupUnits } from '../../linux/systemd/cgroup-units.js';
import type { Holder } from '../edges/connection.js';
import { EdgeBook } from '../edges/edge-book.js';
import { EndedWatch } from '../edges/ended-watch.js';
import { ForwardWatch } from '../edges/forward-watch.js';
import { NearPeers } from '../edges/near-peers.js';
import { ProcessOwners } from '../edges/process-owners.js';
import { RefusalWatch } from '../edges/refusal-watch.js';
import { type Probe, type ProbeContext, Unavailable } from '../probe.js';
import { ByService } from './by-service.js';
import { addCounts, Census } from './census.js';
import { CloseWaitBook } from './close-wait.js';
import { countDnsAskers } from './dns-askers.js';
import { HalfOpenTally } from './half-open.js';
import { completeCensus, readSocketCounters, type SocketCounters, shareRead } from './net-counters.js';
import { ownInodes, SocketOwners } from './owners.js';
import { portTally } from './port-use.js';
import { PressedListeners } from './pressed-listeners.js';
import type { SocketsSample } from './sample.js';
import { StoppedListeners } from './stopped-listeners.js';
import { MEANS_TEXT, readTables, type SocketMeans } from './tables.js';
import { UnitListeners } from './unit-listeners.js';
import { UnixQueues } from './unix-queues.js';

/** Up to so many sockets every row is read (measured: about 5 ms): counts by family and by service are then exact. */
const FULL_CENSUS_SOCKETS = 5_000;
/** A means that failed is tried again after this long (ms): out of descriptors is not for ever. */
const RETRY_MEANS_MS = 60_000;
const MEANS_ORDER: readonly SocketMeans[] = ['netlink', 'proc', 'systeminformation'];

export interface SocketsProbeOptions {
  readonly workloads?: () => readonly Workload[];
  /** `address:port` of DNS servers besides port 53. */
  readonly resolvers?: readonly string[];
  readonly clock?: Clock;
  readonly intervalMs?: number;
  /** Use this means and no other. */
  readonly means?: SocketMeans;
  /** Sockets up to which every row is read; 5,000 by default. */
  readonly fullCensusSockets?: number;
}

/**
 * Census of TCP sockets. Where there are many, the kernel is asked for all but ESTABLISHED and TIME-WAIT and those
 * two come from its counters, so the cost follows the sick sockets, not the healthy ones; of those two a sample is read
 * for the edges. Gated on sockstat: a dump
 * walks the whole host's table even for an empty namespace.
 */
export function createSocketsProbe(options: SocketsProbeOptions = {}): Probe<SocketsSample> {
  const clock = options.clock ?? systemClock;
  const workloads = options.workloads ?? (() => []);
  const owners = new SocketOwners(workloads, clock);
  const pressed = new PressedListeners();
  const stopped = new StoppedListeners();
  const cgroups = new CgroupUnits();
  const units = new UnitListeners(cgroups);
  const unix = new UnixQueues();
  const closed = new CloseWaitBook();
  const book = new EdgeBook();
  const ended = new EndedWatch();
  const refusals = new RefusalWatch();
  const forwards = new ForwardWatch();
  const near = new NearPeers();
  const processes = new ProcessOwners();
  const most = options.fullCensusSockets ?? FULL_CENSUS_SOCKETS;
  const order = options.means ? [options.means] : MEANS_ORDER;
  let working = 0;
  let reasons: string[] = [];
  let demotedAt = 0;

  const census = async (means: SocketMeans, signal: AbortSignal): Promise<SocketsSample> => {
    const counters = means === 'systeminformation' ? undefined : readSocketCounters();
    const sickOnly = means === 'netlink' && counters !== undefined && socketsOf(counters) > most;
    const notes = means === 'systeminformation' ? [] : owners.refresh();
    const counted = new Census();
    const services = new ByService(workloads(), owners);
    const half = new HalfOpenTally();
    const look = book.begin(clock.now());
    const left = closed.begin();
    const own = ownInodes();
    const ports = means === 'systeminformation' ? undefined : portTally(counters, readLocalPorts);
    if (means !== 'systeminformation') processes.refresh(clock.now());
    cgroups.refresh(clock.now());
    const holderOf = ({ inode, cgroupId }: SocketRow): Holder => {
      const known = processes.of(inode);
      return { ...known, unit: cgroups.of(cgroupId) ?? known?.unit };
    };
    const addEdge = (row: SocketRow): void => {
      if (own.has(row.inode)) return;
      const owner = services.ownerOf(row) ?? null;
      look.add(row, counted.listeningPorts, owner, owner === null ? holderOf(row) : undefined);
    };
    let sampled = 0;
    const missing = await readTables({
      means,
      families: familiesToRead(counters),
      sickOnly,
      signal,
      onRow: (row) => {
        counted.add(row);
        half.add(row);
        services.add(row);
        left.add(row, counted.listeningPorts);
        addEdge(row);
        ports?.add(row, counted.listeningPorts);
      },
      sample: {
        mostRows: most,
        onRow(row) {
          sampled++;
          addEdge(row);
          ports?.add(row, counted.listeningPorts, true);
        },
      },
    });
    if (sickOnly && workloads().length > 0)
      missing.push(
        `ESTABLISHED by service: not counted above ${most} sockets, a full dump would cost too much`,
      );
    if (means === 'netlink')
      await ended.take('own', clock.now(), (row) =>
        look.ended(row, counted.listeningPorts, services.ownerOf(row) ?? null),
      );
    if (means !== 'systeminformation') {
      const at = { network: 'own', now: clock.now(), attemptFails: counters?.attemptFails };
      await refusals.take(at, (refusal) => look.refused(refusal));
    }
    if (ended.reason !== null) missing.push(`connections that end between looks: ${ended.reason}`);
    const { v4, v6 } = counted;
    const share = sickOnly ? shareRead(sampled, counters) : 1;
    const portUse = ports?.sample(share) ?? [];
    await near.seeWires(clock.now());
    const edges = look.sample(
      share,
      (address) => near.has(address, clock.now()),
      (address) => near.wireOf(address, clock.now()),
    );
    const forwarded =
      means === 'systeminformation'
        ? []
        : await forwards.take({ network: 'own', folder: '/proc/net', now: clock.now() });
    const still = stopped.tell(counted.listeners, clock.now());
    // What lists no processes lists no listener's either.
    const ofUnits =
      means === 'systeminformation'
        ? undefined
        : units.take(counted.listeners, (inode) => stopped.holderOf(inode), clock.wall());
    const unixQueues = means === 'netlink' ? await unix.take(counted.listeners, clock.now()) : [];
    const gone = units.gone();
    const halfOpen = half.sample(counted.listeners, (inode) => stopped.holderOf(inode));
    return {
      means: MEANS_TEXT[means],
      ...(sickOnly ? completeCensus(counted, counters) : { v4, v6, total: addCounts(v4, v6) }),
      perService: services.sample(),
      topPeers: counted.topPeers(),
      listeners: services.listenQueues(
        counted.listeners,
        pressed.tell(counted.listeners, clock.now()),
        still,
        ofUnits,
      ),
      ...(unixQueues.length > 0 ? { unixQueues } : {}),
      ...(gone.length > 0 ? { left: gone } : {}),
      closeWait: left.sample(edges, (inode) => owners.of(inode) ?? null, clock.now()),
      edges,
      ...(forwarded.length > 0 ? { forwarded } : {}),
      ...(portUse.length > 0 ? { portUse } : {}),
      ...(halfOpen.length > 0 ? { halfOpen } : {}),
      dnsAskers: await countDnsAskers(means, options.resolvers ?? [], signal),
      missing: [...reasons, ...notes, ...missing],
    };
  };

  return {
    id: 'sockets',
    cost: 'table',
    intervalMs: options.intervalMs ?? 2_000,
    timeoutMs: 10_000,
    close() {
      ended.close();
      refusals.close();
      forwards.close();
    },
    async run({ signal }: ProbeContext): Promise<SocketsSample> {
      if (working > 0 && clock.now() - demotedAt > RETRY_MEANS_MS) {
        working = 0;
        reasons = [];
      }
      for (const means of order.slice(working)) {
        try {
          return await census(means, signal);
        } catch (error) {
          signal.throwIfAborted();
          reasons = [
            ...reasons,
            `${MEANS_TEXT[means]}: ${error instanceof Error ? error.message : String(error)}`,
          ];
          working++;
          demotedAt = clock.now();
        }
      }
      const why = reasons.join('; ');
      working = 0;
      reasons = [];
      throw new Unavailable('not-readable', `socket tables cannot be read: ${why}`);
    },
  };
}

function socketsOf({ inuse4, inuse6, timeWait }: SocketCounters): number {
  return inuse4 + (inuse6 ?? 0) + timeWait;
}

/** Families that have anything to read; both when sockstat does not tell. */
function familiesToRead(counters: SocketCounters | undefined): (4 | 6)[] {
  if (!counters) return [4, 6];
  const families: (4 | 6)[] = [];
  if (counters.inuse4 > 0 || counters.timeWait > 0) families.push(4);
  if (counters.inuse6 !== null && (counters.inuse6 > 0 || counters.timeWait > 0)) families.push(6);
  return families;
}
