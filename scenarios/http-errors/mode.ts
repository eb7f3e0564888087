import { defineMode } from '../../source/diagnosis/define-mode.js';
import { supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { dataWaitText } from '../../source/diagnosis/facts/data-waits.js';
import { metText, names, type TargetView, targets } from '../../source/diagnosis/facts/http.js';
import { targetFix } from '../../source/diagnosis/facts/http-fixes.js';
import type { RequestShare } from '../../source/diagnosis/facts/request-share.js';
import {
  howText,
  isStillSick,
  mayWaitForOthers,
  type SickAddress,
  type SickTarget,
  sickAddresses,
  sickTargets,
} from '../../source/diagnosis/facts/sick-targets.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { duration, plural } from '../../source/terminal/format.js';
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
  detect: (history) => sickAddresses(history, THRESHOLDS).map(candidate),
  clears(history) {
    const all = targets(history);
    if (all.length === 0 || sickTargets(history, all, THRESHOLDS).length > 0) return undefined;
    const slowest = Math.max(...all.map(({ sample }) => sample.totalMs));
    return `every target answers well, the slowest in ${duration(slowest)}`;
  },
  persists: (history, { id }) => isStillSick(history, id, THRESHOLDS),
});

function candidate(one: SickAddress): Candidate {
  const { history, address, service, of, sick, answered, waits, since, lastingMs } = one;
  const kept = answered.length > 0;
  const isWaning = sick.every((target) => target.isWaning);
  const needsPatience = kept || mayWaitForOthers(history, sick, THRESHOLDS.lateLookups.value);
  return {
    subject: { kind: 'target', id: address },
    target: `clients → ${service?.name ?? address}`,
    raise: sick.some(isFailing) && (!needsPatience || lastingMs >= THRESHOLDS.patience.value),
    title: kept ? waitingTitle(sick, answered) : titleOf(sick, of),
    // An answer at its own pace is no alarm, and neither is a share of failures to which none was added lately.
    severity: isWaning || (kept && lastingMs < THRESHOLDS.ownPace.value) ? 'notice' : 'warning',
    evidence: sick.slice(0, 5).map(evidenceOf),
    fix: [targetFix(sick[0], address, service?.container ? service.name : undefined)],
    explanation: [...sick.slice(0, 3).map(storyOf), ...waits.slice(0, 1).map(dataWaitText)],
    since,
  };
}

const isFailing = ({ view, share, isWaning }: SickTarget): boolean =>
  !isWaning &&
  (share !== undefined ||
    view.failed >= THRESHOLDS.failedRuns.value ||
    view.sample.failure?.kind === 'timeout');

/** One row a target: the share that fails, or how many runs in a row did. */
function evidenceOf(sick: SickTarget): WeightedEvidence {
  const { view, share } = sick;
  if (share)
    return supports(THRESHOLDS.failedShare, {
      signal: `http.requests{${view.target}}`,
      reading: share.share,
      value: `${countText(share)} failed in ${duration(share.lastAt - share.from)} (${percent(share)}), ${howText(sick)}`,
    });
  return supports(THRESHOLDS.failedRuns, {
    signal: `http.ok{${view.target}}`,
    reading: view.failed,
    value: `${metText(view)}, ${plural(view.failed, 'run')} in a row`,
  });
}

/** `GET /, GET /todos fail with status 500: 2 of 4 targets`; `GET / fails in 4 of 12 requests, with status 500`. */
function titleOf(sick: readonly SickTarget[], of: number): string {
  const views = sick.map(({ view }) => view);
  const how = [...new Set(sick.map(howText))].join(' and ');
  const shares = sick.flatMap(({ share }) => share ?? []);
  const verb = sick.length === 1 ? 'fails' : 'fail';
  const each = shares.length === sick.length;
  const title = each
    ? `${names(views)} ${verb} in ${shares.map(countText).join(' and ')}, with ${how}`
    : `${names(views)} ${verb} with ${how}`;
  return of === 1 ? title : `${title}: ${sick.length} of ${plural(of, 'target')}`;
}

/** Of a target that its server lets wait while it answers others. */
function waitingTitle(sick: readonly SickTarget[], answered: readonly TargetView[]): string {
  const silent = sick.map(({ view }) => view);
  const longest = Math.max(...silent.map(({ sample }) => sample.totalMs));
  return `${names(silent)} ${silent.length === 1 ? 'is' : 'are'} not answered within ${duration(longest)}, while ${names(answered)} of the same address ${answered.length === 1 ? 'is' : 'are'}`;
}

/** `GET /: status 500, 4 of 12 requests (12 ms)`. */
function storyOf({ view, share }: SickTarget): string {
  const said = view.sample.failure ? inShort(view) : 'answered well this time';
  return `${view.target}: ${said}${share ? `, ${countText(share)} failed` : ''} (${duration(view.sample.totalMs)})`;
}

const countText = ({ failed, of }: RequestShare): string => `${failed} of ${plural(of, 'request')}`;
const percent = ({ share }: RequestShare): string => `${Math.round(100 * share)} %`;

/** Without its explanation: that stands with the evidence. */
const inShort = (view: TargetView): string => metText(view).split(': ')[0] ?? '';
