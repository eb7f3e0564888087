import { reachOf } from '../../source/diagnosis/facts/containers.js';
import { containers, type Ending, endings, oomEvents } from '../../source/diagnosis/facts/events.js';
import { average, known } from '../../source/diagnosis/facts/values.js';
import { nothingSeen } from '../../source/diagnosis/nothing-seen.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { FOLLOWS_AN_END } from '../follows-an-end.js';
import { evidenceOf, type Short, THRESHOLDS } from './evidence.js';
import { fixes, rivals, story, titleOf } from './telling.js';

/** The kernel kills in a container that has reached its memory limit, or it is about to be reached. */
export const signature: Signature = {
  id: 'memory-limit',
  // A kill is a fact at once; a high fill is a mean over its own window.
  forMs: 0,
  keepMs: 3000,
  explains: ['container-kill', ...FOLLOWS_AN_END],
  assess,
};

function assess(history: History): Assessment | undefined {
  const all = [...containers(history).values()];
  if (all.length === 0) return undefined;
  const ends = endings(history).filter(({ kind }) => kind === 'out-of-memory');
  const short = all
    .flatMap((service) => shortOf(history, service, ends) ?? [])
    .sort((a, b) => b.kills - a.kills || (b.fill ?? 0) - (a.fill ?? 0));
  const worst = short[0];
  if (!worst) return nothing(history, all);
  const { service, kills } = worst;
  return {
    target: service.name,
    raise: true,
    clear: false,
    title: titleOf(history, worst),
    severity: kills > 0 || (worst.fill ?? 0) > THRESHOLDS.fill.critical ? 'critical' : 'warning',
    base: kills > 0 ? 0.5 : 0.6,
    evidence: evidenceOf(history, worst),
    ruledOut: rivals(history, worst),
    fix: fixes(worst),
    story: story(history, worst, short.slice(1)),
    since: worst.firstAt,
    reach: {
      ...reachOf(
        history,
        short.map((one) => one.service),
      ),
      idle: kills === 0,
    },
  };
}

/** What is told of a container, or undefined while it has room and nothing was killed in it. */
function shortOf(history: History, service: ServiceSample, ends: readonly Ending[]): Short | undefined {
  const ending = ends.findLast(
    ({ workload, backAt }) => workload === service.name && isRecent(history, backAt),
  );
  const times = killTimes(history, service.name);
  const lately = times.filter((at) => history.now - at <= THRESHOLDS.toldMs);
  const fill = fillOf(history, service);
  if (lately.length === 0 && !ending && fill === undefined) return undefined;
  const shown = ending ? [ending.beganAt, ...times.filter((at) => at > ending.at)] : lately;
  return {
    service,
    kills: Math.max(shown.length, lately.length),
    firstAt: shown[0] ?? null,
    lastAt: shown.at(-1) ?? null,
    ending,
    fill,
  };
}

const isRecent = (history: History, backAt: number | null): boolean =>
  backAt === null || history.now - backAt <= THRESHOLDS.toldMs;

/**
 * When the kernel killed in it, oldest first: by Docker's events, and by the count of its cgroup where that saw more (a
 * kill of a worker is not always told). A count that fell is of a new cgroup.
 */
function killTimes(history: History, name: string): number[] {
  const events = oomEvents(history, name, THRESHOLDS.beforeMs).map((event) => event.at);
  const counts = known(history, `service.oomKills{${name}}`, THRESHOLDS.beforeMs);
  const rises = counts.flatMap((point, i) => {
    const before = counts[i - 1];
    return before && point.value > before.value ? [point.at] : [];
  });
  return rises.length > events.length ? rises : events;
}

/** Mean use as a share of its limit, while it is high. */
function fillOf(history: History, { name }: ServiceSample): number | undefined {
  const signal = `service.memoryFill{${name}}`;
  if (known(history, signal, THRESHOLDS.fillMs).length < THRESHOLDS.readings) return undefined;
  const mean = average(history, signal, THRESHOLDS.fillMs);
  return mean !== undefined && mean > THRESHOLDS.fill.raise ? mean : undefined;
}

function nothing(history: History, all: readonly ServiceSample[]): Assessment {
  const full = all.some(({ name }) => {
    const mean = average(history, `service.memoryFill{${name}}`, THRESHOLDS.fillMs);
    return mean !== undefined && mean >= THRESHOLDS.fill.clear;
  });
  return nothingSeen({
    target: 'containers',
    clear: !full,
    title: 'No container is short of memory',
    severity: 'notice',
    base: 0,
  });
}
