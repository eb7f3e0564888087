import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports } from '../../source/diagnosis/evidence.js';
import { missedRow } from '../../source/diagnosis/facts/container-rows.js';
import { noneOfContainers } from '../../source/diagnosis/facts/containers.js';
import { aroundEnd, missedBy } from '../../source/diagnosis/facts/ended.js';
import { containers } from '../../source/diagnosis/facts/events.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { now } from '../../source/diagnosis/facts/fixes.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { isGone } from '../../source/diagnosis/facts/services.js';
import { startError } from '../../source/diagnosis/facts/start-error.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { Severity } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { failingTargets, MISSED } from '../common-thresholds.js';
import { FOLLOWS_AN_END } from '../follows-an-end.js';

const THRESHOLDS = {
  startError: {
    unit: '',
    weight: 0.4,
    reads: 'no error',
    source: "docker inspect: State.Error, the daemon's own words of the last start",
  },
  missed: MISSED,
  failingUsers: failingTargets(0.05),
  toldLately: { unit: 'ms', value: 600_000, source: 'our choice: who tried to start it still looks for it' },
} as const satisfies Thresholds;

/** A container was made, and its first process could not be started. */
export const mode = defineMode({
  id: 'container-cannot-start',
  called: 'a container that cannot start',
  scope: 'workload',
  inputs: ['services'],
  // Its daemon says so.
  forMs: 0,
  keepMs: 2000,
  minSamples: 1,
  base: 0.5,
  thresholds: THRESHOLDS,
  explains: FOLLOWS_AN_END,
  rivals: ['container-kill', 'memory-limit'],
  detect: (history) =>
    unstarted(history)
      .filter((service) => isTold(history, service))
      .map((service) => candidate(history, service)),
  clears: (history) => noneOfContainers(history, unstarted(history), 'failed to start'),
});

const unstarted = (history: History): ServiceSample[] =>
  [...containers(history).values()].filter(
    (service) => isGone(service) && service.container?.startError !== undefined,
  );

/** When it was tried: one that never ran was when it was made. */
const triedAt = ({ container, lastExit }: ServiceSample): number | null =>
  container?.status === 'created' ? (container.createdAt ?? null) : (lastExit?.at ?? null);

function isTold(history: History, service: ServiceSample): boolean {
  const at = triedAt(service);
  if (at === null || history.now - at <= THRESHOLDS.toldLately.value) return true;
  return missedBy(history, service).length > 0;
}

function candidate(history: History, service: ServiceSample): Candidate {
  const { name, container } = service;
  const { reason, mend, command } = startError(container?.startError ?? '', name);
  const radius = aroundEnd(history, service);
  const { targets } = failingAt(history, radius);
  return {
    subject: { kind: 'workload', id: name },
    target: name,
    raise: true,
    title: `${name} could not be started: ${reason}`,
    severity: severityOf(service, targets.length > 0 || missedBy(history, service).length > 0),
    evidence: gather(
      supports(THRESHOLDS.startError, {
        signal: `service.up{${name}}`,
        value: container?.startError ?? '',
        at: triedAt(service),
      }),
      missedRow(history, service, THRESHOLDS.missed),
      failingRow(targets, THRESHOLDS.failingUsers),
    ),
    ruledOut: [{ id: 'container-kill', because: 'nobody ended it: its first process never ran' }],
    fix: [now(mend, command)],
    explanation: [`${name}: ${reason}`, 'its first process never ran, so its log is empty'],
    since: triedAt(service),
    radius,
  };
}

function severityOf({ container }: ServiceSample, isMissed: boolean): Severity {
  if (isMissed) return 'critical';
  return container?.isTask ? 'notice' : 'warning';
}
