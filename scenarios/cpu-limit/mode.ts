import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundWorkloads } from '../../source/diagnosis/facts/blast-radius.js';
import { cpuUseRow, throttledRow } from '../../source/diagnosis/facts/container-rows.js';
import { limitFix } from '../../source/diagnosis/facts/containers.js';
import { containers } from '../../source/diagnosis/facts/events.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { type HeldBack, heldBack } from '../../source/diagnosis/facts/held-back.js';
import { failing } from '../../source/diagnosis/facts/http.js';
import { lookupsRow, notAcceptedRow, slowerRow, slowNowRow } from '../../source/diagnosis/facts/rows.js';
import { average } from '../../source/diagnosis/facts/values.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { Fix } from '../../source/store/finding.js';
import { duration } from '../../source/terminal/format.js';
import { lookupsInTime, notAccepted, QUICK_ANSWER } from '../common-thresholds.js';

/** Every figure that a CPU limit is judged by. */
const THRESHOLDS = {
  throttled: {
    unit: '%',
    raise: 25,
    clear: 10,
    windowMs: 10_000,
    weight: 0.15,
    source: 'kubernetes-mixin CPUThrottlingHigh: 25 % of periods',
  },
  throttledReadings: { unit: 'readings', value: 3, source: 'our choice: fewer are no mean' },
  toldUnfelt: {
    unit: 'ms',
    value: 60_000,
    source: 'our choice: what nobody feels has to last, for a notice',
  },
  atItsQuota: {
    unit: 'share',
    value: 0.7,
    windowMs: 10_000,
    weight: 0.08,
    source: 'cpu.cfs_quota_us / cpu.cfs_period_us, or cpu.max',
  },
  timesSlower: {
    unit: 'times',
    value: 2,
    weight: 0.25,
    source: 'DIAGNOSIS R23: latency above 2 × its baseline; 50 ms is our floor',
  },
  leastSlower: { unit: 'ms', value: 50, source: 'our choice: less is nothing that anybody feels' },
  slowByItself: {
    unit: 'ms',
    value: QUICK_ANSWER.value,
    weight: 0.2,
    reads: '1 s',
    source: QUICK_ANSWER.source,
  },
  notAccepted: notAccepted(0.1),
  lookupsInTime: lookupsInTime(
    0.05,
    0.2,
    'a slow resolver makes its clients slow, and uses no CPU of theirs',
  ),
} as const satisfies Thresholds;

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
  detect: (history) => heldBack(history, THRESHOLDS).map(candidate),
  clears(history) {
    const shares = [...containers(history).keys()].flatMap(
      (name) => average(history, `service.throttled{${name}}`, THRESHOLDS.throttled.windowMs) ?? [],
    );
    const most = Math.max(...shares);
    if (shares.length === 0 || most >= THRESHOLDS.throttled.clear) return undefined;
    return `no container is held back in more than ${Math.round(most)} % of its periods`;
  },
});

function candidate(held: HeldBack): Candidate {
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

/** What speaks for and against a quota that is too small, each with its figure. */
function evidenceOf(held: HeldBack): WeightedEvidence[] {
  const [worst] = held.slow;
  const [slow] = held.slowByItself;
  return gather(
    throttledRow(held, THRESHOLDS.throttled),
    cpuUseRow(held, THRESHOLDS.atItsQuota),
    worst ? slowerRow(worst, THRESHOLDS.timesSlower) : slow && slowNowRow(slow, THRESHOLDS.slowByItself),
    notAcceptedRow('inside.listeners', held, THRESHOLDS.notAccepted),
    lookupsRow(
      held.history,
      THRESHOLDS.lookupsInTime,
      held.since,
      (client) => client === null || client === held.service.name,
    ),
  );
}

const cores = ({ cpus }: HeldBack): string => `${Number(cpus.toFixed(3))} cores`;

const rivals = ({ service, percent }: HeldBack): Rival[] =>
  gather<Rival>(
    { id: 'service-hung', because: `it runs, and is held back in ${Math.round(percent)} % of its periods` },
    service.container?.oomKills === 0 && { id: 'memory-limit', because: 'oom_kill 0 in its cgroup' },
  );

const fixes = ({ service }: HeldBack): Fix[] => [
  limitFix(service, 'give it more CPU', { container: '--cpus 1', swarm: '--limit-cpu 1' }),
  later('set the limit from what it uses under load, and watch throttling, not CPU percent'),
  later('degrade on purpose when CPU is short: fewer workers, 503 at once'),
];

function explanation(held: HeldBack): string[] {
  const { history, service, percent, slow } = held;
  const [worst] = slow;
  return gather(
    `${service.name}: held back in ${Math.round(percent)} % of its periods (quota ${cores(held)})`,
    worst && `${worst.view.target}: ${duration(worst.before)} before, ${duration(worst.since)} now`,
    worst && failing(history).length === 0 && 'nothing fails: it is only slow',
  );
}
