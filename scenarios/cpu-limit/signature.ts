import { standBehind } from '../../source/diagnosis/facts/blast-radius.js';
import { limitCommand, reachOf, together } from '../../source/diagnosis/facts/containers.js';
import { containers } from '../../source/diagnosis/facts/events.js';
import { failing } from '../../source/diagnosis/facts/http.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import { type Slowness, slowness } from '../../source/diagnosis/facts/slowness.js';
import { swarmServiceOf } from '../../source/diagnosis/facts/swarm.js';
import { average, fresh, known, STREAK_MS } from '../../source/diagnosis/facts/values.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { evidenceOf, type Held, quotaText, type Scene, THRESHOLDS } from './evidence.js';

/** A container may use less CPU than it needs, and its users feel it. */
export const signature: Signature = {
  id: 'cpu-limit',
  forMs: 2000,
  keepMs: 5000,
  explains: ['service-hung', 'http-errors', 'listen-overflow', 'close-wait-leak', 'latency'],
  assess,
};

function assess(history: History): Assessment | undefined {
  const all = [...containers(history).values()].filter((one) => one.container?.limits.cpus != null);
  if (all.length === 0 && !history.signals().some((name) => name.startsWith('service.throttled{')))
    return undefined;
  const held = all
    .flatMap((service) => heldBack(history, service) ?? [])
    .sort((a, b) => b.percent - a.percent);
  const since = held.length === 0 ? null : Math.min(...held.map((one) => one.since));
  const slow = since === null ? [] : effects(history, held, since);
  const scene: Scene = { history, held, slow, queued: queuedIn(history, held) };
  const felt = slow.length > 0 || scene.queued >= THRESHOLDS.queue.value;
  const lasting = since !== null && history.now - since >= THRESHOLDS.quietMs;
  const services = held.map((one) => one.service);
  const names = services.length === 0 ? 'containers' : together(services);
  return {
    target: slow[0] ? `${slow[0].view.target} → ${names}` : names,
    raise: held.length > 0 && (felt || lasting),
    clear: all.every((service) => isFree(history, service)),
    title: titleOf(scene, names, felt),
    severity: felt ? 'critical' : 'notice',
    base: 0.3,
    evidence: evidenceOf(scene),
    ruledOut: rivals(history, scene),
    fix: fixes(scene),
    story: story(scene),
    since,
    reach: { ...reachOf(history, services), idle: !felt },
  };
}

function heldBack(history: History, service: ServiceSample): Held | undefined {
  const signal = `service.throttled{${service.name}}`;
  const points = known(history, signal, THRESHOLDS.windowMs);
  const percent = average(history, signal, THRESHOLDS.windowMs);
  if (points.length < THRESHOLDS.readings || percent === undefined) return undefined;
  if (percent <= THRESHOLDS.throttled.raise) return undefined;
  const long = known(history, signal, STREAK_MS);
  const free = long.findLastIndex((point) => point.value <= THRESHOLDS.throttled.clear);
  return { service, percent, since: long[free + 1]?.at ?? history.now };
}

const isFree = (history: History, { name }: ServiceSample): boolean =>
  (average(history, `service.throttled{${name}}`, THRESHOLDS.windowMs) ?? 0) < THRESHOLDS.throttled.clear;

/** Targets that are slower since, the slowest of its baseline first; one that gives up counts with its wait. */
function effects(history: History, held: readonly Held[], since: number): Slowness[] {
  const { times, leastMs } = THRESHOLDS.slow;
  const services = held.map((one) => one.service);
  return slowness(history, since)
    .filter((one) => standBehind(history, services, one.view.address))
    .filter((one) => one.since >= times * one.before && one.since - one.before >= leastMs)
    .sort((a, b) => b.since / b.before - a.since / a.before);
}

function queuedIn(history: History, held: readonly Held[]): number {
  const samples = held.map(({ service }) => fresh(history.latest.inside?.[service.name]));
  const queues = samples.flatMap((sample) => sample?.sockets?.listeners ?? []);
  return queues.reduce((sum, queue) => sum + queue.queued, 0);
}

function titleOf({ held }: Scene, names: string, felt: boolean): string {
  const quota = held[0] && quotaText(held[0].service);
  const to = quota === undefined ? '' : ` to ${quota}`;
  const verb = held.length > 1 ? 'are' : 'is';
  return felt
    ? `${names} ${verb} held back${to} by ${held.length > 1 ? 'their' : 'its'} CPU limit, and users wait for it`
    : `${names} ${verb} held back${to} by a CPU limit; nobody is slower for it yet`;
}

function rivals(history: History, { held }: Scene): Assessment['ruledOut'] {
  const percent = Math.round(held[0]?.percent ?? 0);
  const busy = `it runs, and is held back in ${percent} % of its periods`;
  const kills = held[0]?.service.container?.oomKills ?? null;
  return [
    ...(held.length > 0 ? [{ id: 'service-hung', title: 'a frozen service', because: busy }] : []),
    ...(kills === 0
      ? [{ id: 'memory-limit', title: 'out of memory', because: 'oom_kill 0 in its cgroup' }]
      : []),
    ...ruledOut(history, [
      'service-stopped',
      'traffic-spike',
      'resolver-dead',
      'database-down',
      'database-connections',
    ]),
  ];
}

function fixes({ held }: Scene): Fix[] {
  const services = held.map(({ service }) => service);
  const inSwarm = services.every((service) => swarmServiceOf(service) !== undefined);
  return [
    {
      when: 'now',
      text: inSwarm
        ? 'give it more CPU: Swarm restarts its replicas one after the other for that'
        : 'give it more CPU: that takes effect at once, nothing is restarted',
      command: limitCommand(services, { container: '--cpus 1', swarm: '--limit-cpu 1' }),
    },
    {
      when: 'later',
      text: 'set the limit from what it uses under load, and watch throttling, not CPU percent',
    },
    { when: 'later', text: 'degrade on purpose when CPU is short: fewer workers, 503 at once' },
  ];
}

function story({ history, held, slow }: Scene): string[] {
  const lines = held.slice(0, 2).map(({ service, percent }) => {
    const quota = quotaText(service);
    const to = quota === undefined ? '' : ` (quota ${quota})`;
    return `${service.name}: held back in ${Math.round(percent)} % of its periods${to}`;
  });
  for (const { view, before, since } of slow.slice(0, 1))
    lines.push(`${view.target}: ${duration(before)} before, ${duration(since)} now`);
  if (failing(history).length === 0 && slow.length > 0) lines.push('nothing fails: it is only slow');
  return lines;
}
