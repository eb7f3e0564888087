import type { ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { type Ending, oomEvents } from './events.js';
import { known } from './values.js';

/** What the kernel killed for memory in one container lately. Times are wall-clock milliseconds. */
export interface OomKills {
  readonly count: number;
  readonly firstAt: number;
  readonly lastAt: number;
  /** The container's end, when its first process was the victim. */
  readonly ending: Ending | undefined;
  /** Its first process would have ended it by now: the victim was another one. */
  readonly worker: boolean;
}

/**
 * The kills of the last `toldMs`, or since its end while it is away and for `toldMs` after; looked for over
 * `lookBackMs`. An end follows the kill of the first process within `endFollowsMs`. `ends` are those of all containers.
 * Undefined when nothing was killed.
 */
export function oomKills(
  history: History,
  { name }: Pick<ServiceSample, 'name'>,
  ends: readonly Ending[],
  bounds: { readonly toldMs: number; readonly lookBackMs: number; readonly endFollowsMs: number },
): OomKills | undefined {
  const since = history.now - bounds.toldMs;
  const ending = ends.findLast(
    ({ workload, kind, backAt }) =>
      workload === name && kind === 'out-of-memory' && (backAt === null || backAt >= since),
  );
  const all = killTimes(history, name, bounds.lookBackMs);
  const lately = all.filter((at) => at >= since);
  const told = ending ? [ending.beganAt, ...all.filter((at) => at > ending.at)] : lately;
  const [firstAt] = told;
  if (firstAt === undefined) return undefined;
  return {
    count: Math.max(told.length, lately.length),
    firstAt,
    lastAt: told.at(-1) ?? firstAt,
    ending,
    worker: !ending && history.now - firstAt >= bounds.endFollowsMs,
  };
}

/**
 * Oldest first: by Docker's events, and by the count of its cgroup where that saw more (a kill of a worker is not always
 * told). A count that fell is of a new cgroup.
 */
function killTimes(history: History, name: string, ms: number): number[] {
  const events = oomEvents(history, name, ms).map((event) => event.at);
  const counts = known(history, `service.oomKills{${name}}`, ms);
  const rises = counts.flatMap((point, i) => {
    const before = counts[i - 1];
    return before && point.value > before.value ? [point.at] : [];
  });
  return rises.length > events.length ? rises : events;
}

/** How often, in words. Docker tells each time that it struck, on cgroup v1 often many times for one process (measured: 20 in 0.2 s). */
export const killsText = ({ count }: OomKills): string => (count === 1 ? 'once' : `${count} times`);
