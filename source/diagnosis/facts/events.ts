import type { ServiceSample, WorkloadEvent } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { isGone, isRestarting } from './services.js';
import { swarmEnd } from './swarm.js';
import { fresh } from './values.js';

/**
 * How a container came to its end, told by the order of its engine's events (all measured on Docker 20.10): `docker
 * kill` is kill(9) → die 137; `docker stop` and `docker restart` are kill(15) → [kill(9) when it overran] → die →
 * stop; out of memory of its first process is oom → die 137 with no kill; what ends without any of that ended by itself.
 */
export type EndKind =
  | 'killed'
  | 'stopped'
  | 'out-of-memory'
  | 'killed-from-outside'
  | 'crashed'
  | 'finished'
  /** Swarm ended it itself: an update, fewer replicas; or it has forgotten its task since. */
  | 'retired';

/** One end of a container. Times are wall-clock milliseconds. */
export interface Ending {
  readonly workload: string;
  readonly kind: EndKind;
  readonly at: number;
  /** Exit code, or null when unknown. */
  readonly code: number | null;
  /** When it was asked to end, or the kernel killed in it; `at` where nobody asked. */
  readonly beganAt: number;
  /** When it was started after that, or null while it is not back. */
  readonly backAt: number | null;
  /** It is back as another container: Swarm started a task in its place. */
  readonly replaced: boolean;
  /** The events in their order: "kill(9) → die 137"; where none is known, what its engine keeps of its end. */
  readonly trail: string;
  /** Its events are known: who asked for it. Else only its exit code is. */
  readonly witnessed: boolean;
}

/** An OOM event may come shortly after the end it caused, or that much before it (ms). */
const OOM_AFTER_MS = 2000;
const OOM_BEFORE_MS = 10_000;

const SIGKILL = 9;
/** Ends that nobody wonders about where Swarm wanted them. */
const ASKED_FOR: readonly EndKind[] = ['stopped', 'finished'];
/** 128 and the number of the signal: SIGKILL, and those by which one is asked to end (SIGINT, SIGTERM). */
const KILLED = 137;
const ASKED_TO_END: readonly (number | null)[] = [130, 143];
/** Signals that end a process of themselves; others (HUP, USR1, WINCH) are messages. */
const ENDS: readonly (number | undefined)[] = [undefined, 2, 3, SIGKILL, 15];

/** The containers that are there now, by name; what was removed since, a fault agent among them, is nobody's trouble. */
export function containers(history: History): ReadonlyMap<string, ServiceSample> {
  const all = fresh(history.latest.services)?.services ?? [];
  return new Map(all.filter((one) => one.container !== undefined).map((one) => [one.name, one]));
}

/**
 * Ends of containers that are still there, oldest first: those of the last ten minutes, and the one that each is still
 * away for, however long ago. Empty where no events are read.
 */
export function endings(history: History): Ending[] {
  if (!history.latest.events) return [];
  const own = new Map<string, WorkloadEvent[]>();
  for (const event of history.latest.events.sample.events)
    own.set(event.workload, [...(own.get(event.workload) ?? []), event]);
  return [...containers(history)]
    .flatMap(([name, service]) => {
      const ends = endsOf(own.get(name) ?? [], service);
      const all = ends.length > 0 ? ends : keptEnd(service);
      return all.map((ending) => inSwarm(history, ending, service));
    })
    .sort((a, b) => a.at - b.at);
}

/** The end of one that is away as its engine remembers it: who asked for it is not known any more. */
function keptEnd(service: ServiceSample): Ending[] {
  const { name, lastExit, container } = service;
  if (!lastExit || lastExit.code === null || container?.startError !== undefined) return [];
  if (!isGone(service) && !isRestarting(service)) return [];
  const { code, at } = lastExit;
  const oom = code === KILLED && (container?.oomKills ?? 0) > 0;
  return [
    {
      ...{ workload: name, kind: kindOf([], false, oom, code), at, code, beganAt: at, backAt: null },
      ...{ replaced: false, trail: `exit code ${code}`, witnessed: false },
    },
  ];
}

/** The same end with what Swarm says of it, where the container is one of its tasks'. */
function inSwarm(history: History, ending: Ending, service: ServiceSample): Ending {
  const said = swarmEnd(history, service, ending.at);
  if (!said) return ending;
  if (said.forgotten || (said.retired && (ASKED_FOR.includes(ending.kind) || !ending.witnessed)))
    return { ...ending, kind: 'retired' };
  if (ending.backAt !== null || said.replacedAt === null) return ending;
  return { ...ending, backAt: said.replacedAt, replaced: true, trail: `${ending.trail} → replaced by Swarm` };
}

/** OOM events of one container not older than `ms`, oldest first. */
export const oomEvents = (history: History, workload: string, ms: number): readonly WorkloadEvent[] =>
  (history.latest.events?.sample.events ?? []).filter(
    (event) => event.workload === workload && event.action === 'oom' && history.now - event.at <= ms,
  );

/** When a container that is paused was, wall-clock ms; null where no event told. */
export const pausedAt = (history: History, workload: string): number | null =>
  (history.latest.events?.sample.events ?? []).findLast(
    (event) => event.workload === workload && event.action === 'pause',
  )?.at ?? null;

/** The last end of each container. */
export function lastEndings(history: History): Ending[] {
  return [...new Map(endings(history).map((ending) => [ending.workload, ending])).values()];
}

function endsOf(events: readonly WorkloadEvent[], service: ServiceSample | undefined): Ending[] {
  const ends = events.flatMap((event, i) => (event.action === 'die' ? [i] : []));
  return ends.map((end, nth) => {
    const from = (ends[nth - 1] ?? -1) + 1;
    const to = ends[nth + 1] ?? events.length;
    return endOf(events, { from, end, to }, service);
  });
}

interface Part {
  readonly from: number;
  readonly end: number;
  readonly to: number;
}

function endOf(
  events: readonly WorkloadEvent[],
  { from, end, to }: Part,
  service: ServiceSample | undefined,
): Ending {
  const die = events[end] as WorkloadEvent;
  const startedBefore = events.slice(from, end).findLastIndex((event) => event.action === 'start');
  const before = events.slice(from + startedBefore + 1, end);
  const after = events.slice(end + 1, to);
  const kills = before.filter((event) => event.action === 'kill' && ENDS.includes(event.signal));
  const ooms = [...before, ...after].filter(
    ({ action, at }) => action === 'oom' && at >= die.at - OOM_BEFORE_MS && at <= die.at + OOM_AFTER_MS,
  );
  const code = codeOf(die, service);
  const started = after.findIndex(({ action }) => action === 'start');
  const back = after[started];
  // Docker tells `restart` when somebody asked for one and it runs again; Podman, when its policy is about to.
  const stopped = after.some(
    ({ action }, i) => action === 'stop' || (action === 'restart' && started >= 0 && i > started),
  );
  return {
    workload: die.workload,
    kind: kindOf(
      kills.map(({ signal }) => signal),
      stopped,
      ooms.length > 0,
      code,
    ),
    at: die.at,
    code,
    beganAt: kills[0]?.at ?? ooms[0]?.at ?? die.at,
    backAt: back?.at ?? null,
    replaced: false,
    witnessed: true,
    trail: trailOf([...kills, ...ooms.slice(0, 1), die, ...after.filter(isOfTrail)], code),
  };
}

function kindOf(
  signals: readonly (number | undefined)[],
  stopped: boolean,
  oom: boolean,
  code: number | null,
): EndKind {
  if (stopped) return 'stopped';
  // Podman does not tell the signal: the exit code does.
  if (signals.length > 0)
    return (signals[0] ?? (code === KILLED ? SIGKILL : 15)) === SIGKILL ? 'killed' : 'stopped';
  if (code === KILLED) return oom ? 'out-of-memory' : 'killed-from-outside';
  if (oom) return 'out-of-memory';
  if (ASKED_TO_END.includes(code)) return 'stopped';
  return code === 0 ? 'finished' : 'crashed';
}

/** Told with the event; else what the engine knows of the end, when that is the same one. */
function codeOf(die: WorkloadEvent, service: ServiceSample | undefined): number | null {
  if (die.exitCode !== undefined) return die.exitCode;
  const exit = service?.lastExit;
  return exit && Math.abs(exit.at - die.at) <= OOM_AFTER_MS ? exit.code : null;
}

const isOfTrail = ({ action }: WorkloadEvent): boolean => action === 'stop' || action === 'start';

/** The same event twice in a row stands once. */
function trailOf(events: readonly WorkloadEvent[], code: number | null): string {
  const words = [...events].sort((a, b) => a.at - b.at).map((event) => wordOf(event, code));
  return words.filter((word, i) => word !== words[i - 1]).join(' → ');
}

function wordOf(event: WorkloadEvent, code: number | null): string {
  if (event.action === 'kill') return `kill(${event.signal ?? '?'})`;
  return event.action === 'die' ? `die ${code ?? '?'}` : event.action;
}
