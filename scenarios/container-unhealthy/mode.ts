import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundWorkload, placesOfWorkload, servedBy } from '../../source/diagnosis/facts/blast-radius.js';
import { containers } from '../../source/diagnosis/facts/events.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { failingTargets } from '../common-thresholds.js';

const THRESHOLDS = {
  unhealthy: {
    unit: 'checks',
    weight: 0.35,
    reads: 'healthy',
    source:
      'docker inspect: State.Health.Status; its own retries decide (docker run --health-retries, 3 where none are given)',
  },
  output: { unit: '', weight: 0.05, reads: 'exit code 0', source: 'docker inspect: State.Health.Log' },
  failingUsers: failingTargets(0.05),
} as const satisfies Thresholds;

/** A container runs and fails the health check that it was made with. */
export const mode = defineMode({
  id: 'container-unhealthy',
  called: 'a failing health check',
  scope: 'workload',
  inputs: ['services'],
  // Its engine has waited for its retries already.
  forMs: 0,
  keepMs: 2000,
  minSamples: 1,
  base: 0.5,
  thresholds: THRESHOLDS,
  explains: ['http-errors'],
  // What it depends on, or what holds it back, fails its check as well.
  followsFrom: [
    ...['service-hung', 'service-stopped', 'service-restarted', 'memory-limit', 'cpu-limit'],
    ...['database-down', 'database-connections', 'resolver-dead', 'resolver-saturation', 'dns-failure'],
    ...['name-missing', 'partition', 'packet-loss', 'latency', 'listen-overflow', 'close-wait-leak'],
    ...['conntrack-full'],
  ],
  rivals: ['container-kill', 'memory-limit', 'cpu-limit'],
  detect: (history) => unhealthy(history).map((service) => candidate(history, service)),
  clears(history) {
    const checked = [...containers(history).values()].filter(
      ({ container }) => container?.health === 'healthy',
    );
    if (checked.length === 0 || unhealthy(history).length > 0) return undefined;
    return `${plural(checked.length, 'container')} with a health check, all healthy`;
  },
});

const unhealthy = (history: History): ServiceSample[] =>
  [...containers(history).values()].filter(
    ({ state, container }) => state === 'running' && container?.health === 'unhealthy',
  );

function candidate(history: History, service: ServiceSample): Candidate {
  const { name, container } = service;
  const { targets } = failingAt(history, placesOfWorkload(service));
  const since = container?.check?.since ?? null;
  const lasting = since === null ? '' : `, for ${duration(Math.max(0, history.now - since))}`;
  const output = container?.check?.output ?? '';
  return {
    subject: { kind: 'workload', id: name },
    target: name,
    raise: true,
    title: `${name} fails its health check${lasting}${output === '' ? '' : `: ${output}`}`,
    severity: targets.length > 0 ? 'critical' : 'warning',
    evidence: evidenceOf(history, service),
    fix: [
      now(
        'read what the check asks for, and ask it by hand',
        `docker inspect -f '{{json .Config.Healthcheck.Test}} {{json .State.Health}}' ${name}`,
      ),
      now('read what it says itself', `docker logs --tail 50 ${name}`),
      later('a check that asks for what its users need, and nothing that they can do without'),
    ],
    explanation: gather(
      `${name}: it runs, and ${plural(container?.check?.streak ?? 1, 'check')} in a row failed`,
      output !== '' && `the last one said: ${output}`,
    ),
    since,
    radius: aroundWorkload(history, name),
    seenAt: servedBy(history, name),
  };
}

function evidenceOf(history: History, { name, container }: ServiceSample): WeightedEvidence[] {
  const signal = `service.health{${name}}`;
  const { streak, exitCode = null, output = '' } = container?.check ?? {};
  const { targets } = failingAt(history, aroundWorkload(history, name));
  return gather(
    supports(THRESHOLDS.unhealthy, {
      signal,
      reading: streak,
      value: streak === undefined ? 'unhealthy' : `unhealthy: ${plural(streak, 'check')} in a row failed`,
    }),
    exitCode !== null &&
      supports(THRESHOLDS.output, {
        signal,
        value: `exit code ${exitCode}${output === '' ? ', without a word' : `: ${output}`}`,
      }),
    failingRow(targets, THRESHOLDS.failingUsers),
  );
}
