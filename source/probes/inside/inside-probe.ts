import { networkOf } from '../../linux/namespace/inside-network.js';
import { routeMtusOf } from '../../linux/namespace/route-mtus.js';
import { readRoutes } from '../../linux/namespace/routes.js';
import { socketInside } from '../../linux/namespace/socket-in.js';
import { EdgeBook } from '../edges/edge-book.js';
import { EndedWatch } from '../edges/ended-watch.js';
import { ForwardWatch } from '../edges/forward-watch.js';
import { NearPeers } from '../edges/near-peers.js';
import { RefusalWatch } from '../edges/refusal-watch.js';
import { createKernelProbe } from '../kernel/kernel-probe.js';
import type { KernelSample } from '../kernel/sample.js';
import { type Probe, type ProbeContext, Unavailable } from '../probe.js';
import { CloseWaitBook } from '../sockets/close-wait.js';
import { readSocketCounters } from '../sockets/net-counters.js';
import { PressedListeners } from '../sockets/pressed-listeners.js';
import { UnixQueues } from '../sockets/unix-queues.js';
import { findWayIn, type WayIn } from './means.js';
import { QuietGate } from './quiet-gate.js';
import { askInside, attemptInto, readFiles, SlowSettings } from './read-settings.js';
import { readSocketsInside } from './read-sockets.js';
import { decodeFiles } from './reader/decode.js';
import type { Files } from './reader/files.js';
import type { InsideMeans, InsideSample, InsideSource } from './sample.js';
import { TimeWaitMemory } from './time-wait.js';
import { waitingLookups } from './waiting-lookups.js';

export interface InsideProbeOptions {
  /** Read before each run: a container that was restarted has another process. Undefined when there is none. */
  readonly source: () => InsideSource | undefined;
  /** Names the probe: `inside:<name>`. */
  readonly name: string;
  /** Asked each time: it may change with what is found. */
  readonly intervalMs?: () => number;
  /** Reads the files of a network by a program that runs in it, where we may neither enter nor look from outside. */
  readonly readFiles?: ReadFilesInside;
}

/** What is kept of a container between looks. */
interface Memory {
  readonly gate: QuietGate;
  readonly book: EdgeBook;
  readonly pressed: PressedListeners;
  readonly ended: EndedWatch;
  readonly refusals: RefusalWatch;
  readonly forwards: ForwardWatch;
  /** Neighbours of the process that was looked at last. */
  near: { readonly pid: number; readonly peers: NearPeers } | undefined;
  readonly closed: CloseWaitBook;
  readonly over: TimeWaitMemory;
  readonly settings: SlowSettings;
  readonly unix: UnixQueues;
}

/** Rejects with Unavailable where no such program can be run. */
export type ReadFilesInside = (
  name: string,
  signal: AbortSignal,
) => Promise<{ readonly by: InsideMeans['by']; readonly files: Files }>;

const NOT_ASKED = { conntrack: null, interfaces: null, routeMtus: null };
const NOT_READ = { resolver: null, libc: null };

/**
 * One container's network as it sees it: sockets, listen queues, counters, connection tracking, MTU, routes, resolver.
 * Nothing is started in the container, so one without a shell is as visible as any. Throws Unavailable when it
 * does not run here or may not be seen, with what would grant it.
 */
export function createInsideProbe(options: InsideProbeOptions): Probe<InsideSample> {
  const memory: Memory = {
    ...{ gate: new QuietGate(), book: new EdgeBook(), pressed: new PressedListeners() },
    ...{ ended: new EndedWatch(), refusals: new RefusalWatch(), near: undefined },
    forwards: new ForwardWatch(),
    ...{ closed: new CloseWaitBook(), settings: new SlowSettings() },
    ...{ over: new TimeWaitMemory(), unix: new UnixQueues() },
  };
  return {
    id: `inside:${options.name}`,
    cost: 'table',
    get intervalMs() {
      return options.intervalMs?.() ?? 5_000;
    },
    timeoutMs: 20_000,
    async run(context: ProbeContext): Promise<InsideSample> {
      const source = options.source() ?? { name: options.name, pid: null };
      const way = await findWayIn(source);
      // A socket of ours would keep its network alive.
      if (way.means.by !== 'setns') close(memory);
      // A process that was here and has ended is not looked for elsewhere.
      if (options.readFiles && (source.pid === null || (way.means.by === 'none' && !way.gone)))
        return await readInsideBy(options.readFiles, source, way.means, context.signal);
      return await lookInside(source, way, memory, context);
    },
    close: () => close(memory),
  };
}

function close({ ended, refusals, forwards }: Memory): void {
  ended.close();
  refusals.close();
  forwards.close();
}

/** The processes of a daemon elsewhere are not ours to enter: a program that its daemon runs looks for us. */
async function readInsideBy(
  readFiles: ReadFilesInside,
  { name, pid, sharedWith = [] }: InsideSource,
  { reason, mend }: InsideMeans,
  signal: AbortSignal,
): Promise<InsideSample> {
  const { by, files } = await readFiles(name, signal);
  return { name, pid, means: { by, reason, mend }, network: null, sharedWith, ...decodeFiles(files) };
}

async function lookInside(
  source: InsideSource,
  { means, entry, libc }: WayIn,
  memory: Memory,
  context: ProbeContext,
): Promise<InsideSample> {
  const { gate, book, pressed, ended, refusals, closed, over, settings, unix } = memory;
  const { name, pid } = source;
  if (pid === null || means.by === 'none')
    throw new Unavailable(
      pid === null ? 'not-configured' : 'not-readable',
      `${name}: ${means.reason}`,
      means.mend ?? undefined,
    );
  const missing: string[] = [];
  const attempt = attemptInto(missing);
  if (!entry) missing.push(`interfaces, MTU of routes, connection tracking: ${means.reason}`);
  if (!libc) missing.push(`resolver: ${means.reason}`);
  const kernel = await soft('kernel counters', missing, context.signal, () => countersOf(pid, context));
  const network = attempt('network', () => networkOf(pid));
  const counters = readSocketCounters(`/proc/${pid}/net`, kernel?.counters);
  const mark = gate.mark(pid, network, kernel, counters);
  const { now } = context;
  if (memory.near?.pid !== pid) memory.near = { pid, peers: new NearPeers(`/proc/${pid}/net/arp`) };
  const near = memory.near.peers;
  const sockets =
    gate.unchanged(mark, now) ??
    (await soft('sockets', missing, context.signal, async () => {
      const { notes, ...read } = await readSocketsInside({
        ...{ pid, libc: entry, signal: context.signal, counters },
        ...{ book, pressed, closed, over, near, now },
        ...(network === null ? {} : { ended: { watch: ended, refusals, network } }),
      });
      missing.push(...notes);
      if (ended.reason !== null) missing.push(`connections that end between looks: ${ended.reason}`);
      gate.keep(notes.length === 0 ? mark : undefined, read, now);
      return read;
    }));
  // A socket without a counter: what waits there is asked for in each look.
  const unixQueues = entry ? await unix.take([], now, (...what) => socketInside(entry, pid, ...what)) : [];
  const forwarded =
    entry === undefined || network === null
      ? []
      : await memory.forwards.take({
          ...{ network, folder: `/proc/${pid}/net`, now },
          openFd: (...what) => socketInside(entry, pid, ...what),
        });
  const routeMtus =
    entry === undefined
      ? null
      : await soft('MTU of routes', missing, context.signal, () => routeMtusOf(entry, pid));
  return {
    name,
    pid,
    means,
    network,
    sharedWith: source.sharedWith ?? [],
    sockets,
    ...(unixQueues.length > 0 ? { unixQueues } : {}),
    kernel,
    askers: attempt('waiting lookups', () => waitingLookups(pid)),
    routes: attempt('routes', () => readRoutes(pid)),
    ...(forwarded.length > 0 ? { forwarded } : {}),
    ...(entry ? { ...askInside(entry, pid, attempt, settings), routeMtus } : NOT_ASKED),
    ...(libc ? readFiles(libc, pid, attempt) : NOT_READ),
    missing,
  };
}

async function countersOf(pid: number, context: ProbeContext): Promise<KernelSample> {
  return await createKernelProbe({ netFolder: `/proc/${pid}/net` }).run(context);
}

/** As an attempt, for what takes time; an abort still ends all. */
async function soft<T>(
  what: string,
  missing: string[],
  signal: AbortSignal,
  read: () => Promise<T>,
): Promise<T | null> {
  try {
    return await read();
  } catch (error) {
    signal.throwIfAborted();
    missing.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}
