import type { ServiceSample, WorkloadEvent } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
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
  /** The events in their order: "kill(9) → die 137". */
  readonly trail: string;
}

/** An OOM event may come shortly after the end it caused, or that much before it (ms). */
const OOM_AFTER_MS = 2000;
const OOM_BEFORE_MS = 10_000;

const SIGKILL = 9;
const KILLED = 137;

/** The containers that are there now, by name; what was removed since, a fault agent among them, is nobody's trouble. */
export function containers(history: History): ReadonlyMap<string, ServiceSample> {
  const all = fresh(history.latest.services)?.services ?? [];
  return new Map(all.filter((one) => one.container !== undefined).map((one) => [one.name, one]));
}

/** Ends of containers that are still there, of the last two minutes, oldest first; empty where no events are read. */
export function endings(history: History): Ending[] {
  const present = containers(history);
  const own = new Map<string, WorkloadEvent[]>();
  for (const event of history.latest.events?.sample.events ?? [])
    if (present.has(event.workload)) own.set(event.workload, [...(own.get(event.workload) ?? []), event]);
  return [...own]
    .flatMap(([name, events]) => {
      const service = present.get(name);
      const ends = endsOf(events, service);
      return service ? ends.map((ending) => inSwarm(history, ending, service)) : ends;
    })
    .sort((a, b) => a.at - b.at);
}

/** The same end with what Swarm says of it, where the container is one of its tasks'. */
function inSwarm(history: History, ending: Ending, service: ServiceSample): Ending {
  const said = swarmEnd(history, service, ending.at);
  if (!said) return ending;
  if (said.forgotten || (said.retired && (ending.kind === 'stopped' || ending.kind === 'finished')))
    return { ...ending, kind: 'retired' };
  if (ending.backAt !== null || said.replacedAt === null) return ending;
  return { ...ending, backAt: said.replacedAt, replaced: true, trail: `${ending.trail} → replaced by Swarm` };
}

/** OOM events of one container not older than `ms`, oldest first. */
export const oomEvents = (history: History, workload: string, ms: number): readonly WorkloadEvent[] =>
  (history.latest.events?.sample.events ?? []).filter(
    (event) => event.workload === workload && event.action === 'oom' && history.now - event.at <= ms,
  );

/** The last end of each container, when that end is not older than another start of it. */
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
  const kills = before.filter((event) => event.action === 'kill');
  const ooms = [...before, ...after].filter(
    ({ action, at }) => action === 'oom' && at >= die.at - OOM_BEFORE_MS && at <= die.at + OOM_AFTER_MS,
  );
  const code = codeOf(die, service);
  const stopped = after.some(({ action }) => action === 'stop' || action === 'restart');
  const back = after.find(({ action }) => action === 'start');
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
  if (signals.length > 0) return signals[0] === SIGKILL ? 'killed' : 'stopped';
  if (code === KILLED) return oom ? 'out-of-memory' : 'killed-from-outside';
  if (oom) return 'out-of-memory';
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
