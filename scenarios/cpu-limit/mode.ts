import { defineMode } from '../../source/diagnosis/define-mode.js';
import { aroundWorkloads } from '../../source/diagnosis/facts/blast-radius.js';
import { limitFix } from '../../source/diagnosis/facts/containers.js';
import { containers } from '../../source/diagnosis/facts/events.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { failing } from '../../source/diagnosis/facts/http.js';
import { insideOf } from '../../source/diagnosis/facts/inside.js';
import { slowedBehind } from '../../source/diagnosis/facts/slowness.js';
import { type Throttled, throttled } from '../../source/diagnosis/facts/throttling.js';
import { average } from '../../source/diagnosis/facts/values.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { evidenceOf, type Held } from './evidence.js';
import { THRESHOLDS } from './thresholds.js';

/** A container may use less CPU than it needs, and its users feel it. */
export const mode = defineMode({
  id: 'cpu-limit',
  called: 'a CPU limit',
  scope: 'workload',
  inputs: ['services'],
  forMs: 2000,
  keepMs: 5000,
  minSamples: THRESHOLDS.throttledReadings.value,
  base: 0.3,
  thresholds: THRESHOLDS,
  explains: ['service-hung', 'http-errors', 'listen-overflow', 'close-wait-leak', 'latency'],
  rivals: [
    'service-stopped',
    'resolver-saturation',
    'resolver-dead',
    'database-down',
    'database-connections',
  ],
  detect: (history) => notFree(history).map((one) => candidate(heldOf(history, one))),
  clears(history) {
    const shares = [...containers(history).keys()].flatMap(
      (name) => average(history, `service.throttled{${name}}`, THRESHOLDS.throttled.windowMs) ?? [],
    );
    const most = Math.max(...shares);
    if (shares.length === 0 || most >= THRESHOLDS.throttled.clear) return undefined;
    return `no container is held back in more than ${Math.round(most)} % of its periods`;
  },
});

const notFree = (history: History): Throttled[] =>
  throttled(history, THRESHOLDS.throttled.clear, THRESHOLDS.throttled.windowMs);

function heldOf(history: History, one: Throttled): Held {
  const { timesSlower, leastSlower, notAccepted } = THRESHOLDS;
  const bounds = { times: timesSlower.value, leastMs: leastSlower.value };
  const slow = slowedBehind(history, one.service, one.since, bounds);
  const queues = insideOf(history, one.service.name)?.sockets?.listeners ?? [];
  const queued = queues.reduce((sum, queue) => sum + queue.queued, 0);
  return { ...one, history, slow, queued, felt: slow.length > 0 || queued >= notAccepted.value };
}

function candidate(held: Held): Candidate {
  const { history, service, percent, readings, since, slow, felt } = held;
  const lasting = history.now - since >= THRESHOLDS.toldUnfelt.value;
  const { name } = service;
  const title = `CPU-throttled at ${cores(held)}: ${name}`;
  return {
    subject: { kind: 'workload', id: name },
    target: slow[0] ? `${slow[0].view.target} → ${name}` : name,
    raise: percent > THRESHOLDS.throttled.raise && (felt || lasting),
    samples: readings,
    title: felt ? title : `${title}; nobody is slower for it yet`,
    severity: felt ? 'critical' : 'notice',
    evidence: evidenceOf(held),
    ruledOut: rivals(held),
    fix: fixes(held),
    explanation: explanation(held),
    since,
    radius: felt ? aroundWorkloads(history, [service]) : [],
  };
}

const cores = ({ cpus }: Held): string => `${Number(cpus.toFixed(3))} cores`;

function rivals({ service, percent }: Held): Rival[] {
  const busy = `it runs, and is held back in ${Math.round(percent)} % of its periods`;
  const memory = { id: 'memory-limit', because: 'oom_kill 0 in its cgroup' };
  return [{ id: 'service-hung', because: busy }, ...(service.container?.oomKills === 0 ? [memory] : [])];
}

const fixes = ({ service }: Held): Fix[] => [
  limitFix(service, 'give it more CPU', { container: '--cpus 1', swarm: '--limit-cpu 1' }),
  later('set the limit from what it uses under load, and watch throttling, not CPU percent'),
  later('degrade on purpose when CPU is short: fewer workers, 503 at once'),
];

function explanation(held: Held): string[] {
  const { history, service, percent, slow } = held;
  const lines = [
    `${service.name}: held back in ${Math.round(percent)} % of its periods (quota ${cores(held)})`,
  ];
  const [worst] = slow;
  if (!worst) return lines;
  lines.push(`${worst.view.target}: ${duration(worst.before)} before, ${duration(worst.since)} now`);
  if (failing(history).length === 0) lines.push('nothing fails: it is only slow');
  return lines;
}
