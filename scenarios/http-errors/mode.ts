import { defineMode } from '../../source/diagnosis/define-mode.js';
import { askedBehindSince } from '../../source/diagnosis/facts/connections.js';
import { dataWaitsOf, dataWaitText } from '../../source/diagnosis/facts/data-waits.js';
import { lookupsTroubled } from '../../source/diagnosis/facts/dns.js';
import { byAddress, sentAt, type TargetView, targets } from '../../source/diagnosis/facts/http.js';
import { serviceAt } from '../../source/diagnosis/facts/services.js';
import { earliest, lastAll } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { History } from '../../source/store/history.js';
import { duration } from '../../source/terminal/format.js';
import { evidenceOf, fixOf, storyOf, titleOf, waitingTitle } from './evidence.js';
import { intermittent, isSilent, type SickTarget, sickTargets } from './sick-target.js';
import { THRESHOLDS } from './thresholds.js';

/** What is served at an address fails and nothing better explains it: so that a failing target is never called well. */
export const mode = defineMode({
  id: 'http-errors',
  called: 'failing requests',
  scope: 'target',
  symptom: true,
  inputs: ['http'],
  forMs: 3000,
  keepMs: 3000,
  minSamples: 1,
  base: 0.3,
  thresholds: THRESHOLDS,
  explains: [],
  followsFrom: ['close-wait-leak'],
  rivals: ['database-down', 'database-connections', 'resolver-dead', 'service-stopped'],
  detect: (history) =>
    [...byAddress(targets(history))].flatMap(([address, views]) => {
      const [first, ...rest] = sickTargets(history, views);
      return first ? [candidate(history, { address, sick: [first, ...rest], views })] : [];
    }),
  clears(history) {
    const all = targets(history);
    if (all.length === 0 || sickTargets(history, all).length > 0) return undefined;
    const slowest = Math.max(...all.map(({ sample }) => sample.totalMs));
    return `every target answers well, the slowest in ${duration(slowest)}`;
  },
  persists: (history, { id }) =>
    targets(history).some(
      ({ address, target }) =>
        address === id &&
        (intermittent(history, target) !== undefined ||
          !lastAll(history, `http.ok{${target}}`, THRESHOLDS.goodRuns.value, (value) => value === 1)),
    ),
});

/** The targets of one address, and those of them that fail. */
interface Failing {
  readonly address: string;
  readonly sick: readonly [SickTarget, ...SickTarget[]];
  readonly views: readonly TargetView[];
}

function candidate(history: History, failing: Failing): Candidate {
  const { address, sick, views } = failing;
  const service = serviceAt(history, address);
  const since = earliest(...sick.map(({ view, share }) => share?.firstAt ?? view.failingSince));
  const lasting = since === null ? 0 : history.now - since;
  const kept = keptWaiting(failing);
  const needsPatience = kept.length > 0 || waitsForOthers(history, sick);
  return {
    subject: { kind: 'target', id: address },
    target: `clients → ${service?.name ?? address}`,
    raise: sick.some(isFailing) && (!needsPatience || lasting >= THRESHOLDS.patience.value),
    title:
      kept.length > 0
        ? waitingTitle(
            sick.map(({ view }) => view),
            kept,
          )
        : titleOf(sick, views.length),
    severity: kept.length > 0 && lasting < THRESHOLDS.ownPace.value ? 'notice' : 'warning',
    evidence: sick.slice(0, 5).map(evidenceOf),
    fix: [fixOf(sick[0], address, service?.container ? service.name : undefined)],
    explanation: [
      ...sick.slice(0, 3).map(storyOf),
      ...(sick.some(({ view }) => isSilent(view))
        ? dataWaitsOf(history, { address, service }, THRESHOLDS.dataWait.value)
        : []
      )
        .slice(0, 1)
        .map(dataWaitText),
    ],
    since,
  };
}

/** Where all that is wrong is silence: the targets of the address that are answered meanwhile. None elsewhere. */
function keptWaiting({ sick, views }: Failing): TargetView[] {
  if (!sick.every(({ view, share }) => share === undefined && isSilent(view))) return [];
  return views.filter(({ sample }) => sample.ok && sample.status !== null);
}

/** Whether every failing target hangs where one that waits for a lookup or for a container behind it would hang. */
function waitsForOthers(history: History, sick: readonly SickTarget[]): boolean {
  if (sick.some(({ view }) => view.sample.failure?.phase !== 'firstByte')) return false;
  const views = sick.map(({ view }) => view);
  return lookupsTroubled(history, THRESHOLDS.lateLookups.value) || !askedBehindSince(history, sentAt(views));
}

const isFailing = ({ view, share }: SickTarget): boolean =>
  share !== undefined ||
  view.failed >= THRESHOLDS.failedRuns.value ||
  view.sample.failure?.kind === 'timeout';
