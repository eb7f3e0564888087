import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports } from '../../source/diagnosis/evidence.js';
import { aroundWorkloads } from '../../source/diagnosis/facts/blast-radius.js';
import { noneOfContainers } from '../../source/diagnosis/facts/containers.js';
import { containers, pausedAt } from '../../source/diagnosis/facts/events.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { isPausedContainer, processText } from '../../source/diagnosis/facts/services.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { CLIENT_DEADLINES } from '../common-fixes.js';
import { failingTargets } from '../common-thresholds.js';

const THRESHOLDS = {
  paused: {
    unit: '',
    weight: 0.3,
    reads: 'running',
    source: 'docker inspect: State.Paused, set by docker pause alone (the freezer of its cgroup)',
  },
  pauseEvent: { unit: '', weight: 0.05, reads: 'none', source: 'Docker events: pause' },
  failingUsers: failingTargets(0.05),
} as const satisfies Thresholds;

/** A container is frozen by its engine: the kernel still takes connections for it, and nobody answers. */
export const mode = defineMode({
  id: 'container-paused',
  called: 'a paused container',
  scope: 'workload',
  inputs: ['services'],
  // Its engine says so: nothing to wait for.
  forMs: 0,
  keepMs: 2000,
  minSamples: 1,
  base: 0.55,
  thresholds: THRESHOLDS,
  explains: [
    ...['database-down', 'database-connections', 'service-hung', 'http-errors', 'listen-overflow'],
    ...['close-wait-leak', 'retransmission', 'latency', 'partition', 'packet-loss', 'container-unhealthy'],
    ...['resolver-dead', 'dns-failure'],
  ],
  rivals: ['container-kill', 'partition', 'packet-loss'],
  detect: (history) => paused(history).map((service) => candidate(history, service)),
  clears: (history) => noneOfContainers(history, paused(history), 'is paused'),
});

const paused = (history: History): ServiceSample[] =>
  [...containers(history).values()].filter(isPausedContainer);

function candidate(history: History, service: ServiceSample): Candidate {
  const { name } = service;
  const radius = aroundWorkloads(history, [service]);
  const { targets, any } = failingAt(history, radius);
  const at = pausedAt(history, name);
  const ago = at === null ? '' : `, ${duration(Math.max(0, history.now - at))} ago`;
  const first = targets[0];
  return {
    subject: { kind: 'workload', id: name },
    target: first ? `${first.target} → ${name}` : name,
    raise: true,
    title: `${name} is paused (docker pause${ago}): it takes connections and answers nobody`,
    severity: any ? 'critical' : 'warning',
    evidence: gather(
      supports(THRESHOLDS.paused, { signal: `service.up{${name}}`, value: processText(service) }),
      at !== null && supports(THRESHOLDS.pauseEvent, { signal: `events{${name}}`, value: 'pause', at }),
      failingRow(targets, THRESHOLDS.failingUsers),
    ),
    ruledOut: [{ id: 'container-kill', because: 'its process is there, frozen: unpaused it goes on' }],
    fix: [
      {
        ...now(`let ${name} go on where it was frozen`, `docker unpause ${name}`),
        action: { name: 'unpause', argument: name },
      },
      CLIENT_DEADLINES,
      later('find who paused it: a backup that failed half-way leaves it so'),
    ],
    explanation: [
      `${name}: ${processText(service)}`,
      'the kernel completes handshakes for it as long as its queue has room; not a byte is read or written',
      ...(targets.length > 0 ? [`targets of its users that fail since: ${targets.length}`] : []),
    ],
    since: at,
    radius,
  };
}
