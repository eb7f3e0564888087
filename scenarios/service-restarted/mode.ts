import { defineMode } from '../../source/diagnosis/define-mode.js';
import { supports } from '../../source/diagnosis/evidence.js';
import { aroundWorkloads, standBehind } from '../../source/diagnosis/facts/blast-radius.js';
import { startFix } from '../../source/diagnosis/facts/containers.js';
import { missedBy, TOLD_AWAY } from '../../source/diagnosis/facts/ended.js';
import { containers, type Ending, lastEndings } from '../../source/diagnosis/facts/events.js';
import { failing } from '../../source/diagnosis/facts/http.js';
import { fresh } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { namePlace } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { ServiceSample } from '../../source/probes/samples.js';
import type { Severity } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { FOLLOWS_AN_END } from '../follows-an-end.js';

const THRESHOLDS = {
  askedToEnd: {
    unit: '',
    weight: 0.4,
    reads: 'no end, or one that nobody asked for',
    source: 'Docker events: docker stop and restart are kill(15) → die → stop [→ start] (measured)',
  },
  startedAgainWithin: {
    unit: 'ms',
    value: 2000,
    source: 'docker restart starts it within a second of its end (measured): until then it is no stop',
  },
  ...TOLD_AWAY,
  toldAfterStart: {
    unit: 'ms',
    value: 60_000,
    source: 'our choice: who sees a dent in a graph a minute later still wants to know why',
  },
  toldWhileTargetsFail: {
    unit: 'ms',
    value: 25_000,
    source: "our choice: what still fails so long after the start is no longer the restart's doing",
  },
} as const satisfies Thresholds;

/** Somebody stopped or restarted a container by hand: what fails around it in that moment has no other cause. */
export const mode = defineMode({
  id: 'service-restarted',
  called: 'a restart by hand',
  scope: 'workload',
  inputs: ['events', 'services'],
  forMs: 0,
  keepMs: 2000,
  minSamples: 1,
  base: 0.5,
  thresholds: THRESHOLDS,
  explains: FOLLOWS_AN_END,
  rivals: [],
  detect: (history) =>
    stopped(history)
      .filter((end) => isTold(history, end))
      .map((end) => candidate(history, end)),
  clears(history) {
    const { events, services } = history.latest;
    if (!fresh(events) || !fresh(services) || stopped(history).length > 0) return undefined;
    return 'no container was asked to stop in the last 2 min';
  },
});

/** A container that was stopped by hand, with its last end. */
interface Stopped {
  readonly service: ServiceSample;
  readonly ending: Ending;
}

function stopped(history: History): Stopped[] {
  const there = containers(history);
  return lastEndings(history).flatMap((ending) => {
    const service = there.get(ending.workload);
    return service && ending.kind === 'stopped' ? [{ service, ending }] : [];
  });
}

/** Whether a target fails that this container may stand behind, or somebody asks for it. */
const isMissed = (history: History, { service }: Stopped): boolean =>
  failing(history).some(({ address }) => standBehind(history, [service], address)) ||
  missedBy(history, service).length > 0;

/** One that is away is told of while that is new or it is missed, one that is back for about a minute. */
function isTold(history: History, one: Stopped): boolean {
  const { backAt, at } = one.ending;
  if (backAt === null) {
    const ago = history.now - at;
    if (ago <= THRESHOLDS.toldAway.value) return true;
    if (missedBy(history, one.service).length > 0) return true;
    return ago <= THRESHOLDS.toldAwayWhileMissed.value && isMissed(history, one);
  }
  const { toldAfterStart, toldWhileTargetsFail } = THRESHOLDS;
  return history.now - backAt <= (isMissed(history, one) ? toldWhileTargetsFail : toldAfterStart).value;
}

/** What a person does is no alarm: a notice, until somebody misses it for longer than a restart takes. */
function severityOf(history: History, one: Stopped): Severity {
  const { backAt, at } = one.ending;
  if (!isMissed(history, one)) return 'notice';
  if (backAt !== null) return 'warning';
  return history.now - at > THRESHOLDS.startedAgainWithin.value ? 'critical' : 'notice';
}

function candidate(history: History, one: Stopped): Candidate {
  const { service, ending } = one;
  const { name } = service;
  const { backAt, trail } = ending;
  const isAway = backAt === null;
  const awayMs = (backAt ?? history.now) - ending.at;
  const away = duration(awayMs);
  return {
    subject: { kind: 'workload', id: name },
    target: name,
    raise: true,
    title: isAway
      ? `${name} was stopped by hand, ${away} ago`
      : `${name} was restarted by hand ${duration(history.now - backAt)} ago`,
    severity: severityOf(history, one),
    evidence: [supports(THRESHOLDS.askedToEnd, { signal: `events{${name}}`, value: trail, at: ending.at })],
    ruledOut: [
      { id: 'container-kill', because: `asked to end: ${trail}` },
      { id: 'memory-limit', because: 'no oom event before its end' },
    ],
    fix: isAway && !service.container?.isTask ? [startFix(service)] : [],
    explanation: [`${name}: ${trail}; away for ${away}${isAway ? ', not started again' : ''}`],
    since: ending.beganAt,
    radius: [...aroundWorkloads(history, [service]), namePlace(name)],
  };
}
