import { defineMode } from '../../source/diagnosis/define-mode.js';
import { aroundListener, aroundWorkloads } from '../../source/diagnosis/facts/blast-radius.js';
import { hungFix } from '../../source/diagnosis/facts/context.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import {
  type Hung,
  hungLines,
  hungSince,
  hungTarget,
  hungTitle,
  isConnectedTo,
  queueOf,
} from '../../source/diagnosis/facts/hung.js';
import { hungListeners } from '../../source/diagnosis/facts/hung-listeners.js';
import { hungRows } from '../../source/diagnosis/facts/listener-rows.js';
import { isPausedContainer } from '../../source/diagnosis/facts/services.js';
import { aroundUnix } from '../../source/diagnosis/facts/unix-sockets.js';
import { isWellBehind } from '../../source/diagnosis/facts/well-behind.js';
import { answeringText } from '../../source/diagnosis/facts/well-listeners.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { placeOf } from '../../source/diagnosis/places.js';
import type { Severity } from '../../source/store/finding.js';
import { CLIENT_DEADLINES } from '../common-fixes.js';
import { THRESHOLDS } from './thresholds.js';

/** Score of one whose processes are seen to be stopped: a fact, not a guess by what it does not do. */
const SEEN_TO_BE_FROZEN = 0.6;

/**
 * A service that takes connections and never says a word, while all it depends on is well; or whose processes are
 * stopped. The subject is the listener, `host:port` as it is probed or asked: it is silent whether or not anybody is seen
 * to serve it. A frozen workload that no target leads to is a subject itself.
 */
export const mode = defineMode({
  id: 'service-hung',
  called: 'a frozen service',
  scope: 'listener',
  inputs: [['http', 'services', 'sockets']],
  forMs: 2500,
  keepMs: 4000,
  minSamples: 1,
  base: 0.35,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'listen-overflow', 'close-wait-leak', 'retransmission'],
  rivals: [
    ...['service-stopped', 'resolver-saturation', 'resolver-dead'],
    ...['database-down', 'database-connections', 'name-missing'],
  ],
  detect: (history) => hungListeners(history, THRESHOLDS).map(candidate),
  clears: answeringText,
});

function candidate(one: Hung): Candidate {
  const { history, address, frozen, waiting, waits, subject, unix } = one;
  return {
    subject,
    target: hungTarget(one),
    raise: isRaised(one),
    clear: waits,
    title: hungTitle(one),
    severity: severityOf(one),
    ...(frozen ? { base: SEEN_TO_BE_FROZEN } : {}),
    evidence: hungRows(one, THRESHOLDS),
    fix: [hungFix(one), later('a liveness check that restarts what does not answer'), CLIENT_DEADLINES],
    explanation: hungLines(one),
    since: hungSince(one),
    // A frozen process is its own cause, but for what its engine paused; a silent one may wait for something else.
    inherent: frozen && !(one.service && isPausedContainer(one.service)),
    radius: [
      ...(unix ? aroundUnix(history, unix) : []),
      ...(address === null ? [] : aroundListener(history, address)),
      ...(one.service && (frozen || address === null) ? aroundWorkloads(history, [one.service]) : []),
      ...waiting.map((view) => placeOf(view.address)),
    ],
  };
}

/** A process of this host that is stopped and nobody is connected to, a shell's job or under a debugger, is nobody's trouble. */
function severityOf(one: Hung): Severity {
  const { silent, waiting, chain, frozen, service } = one;
  const felt = silent.length + waiting.length + chain.length > 0 || (queueOf(one)?.queued ?? 0) > 0;
  if (felt || !frozen) return 'critical';
  return service || isConnectedTo(one) ? 'warning' : 'notice';
}

/** A frozen process speaks for itself; a silent one once all that it waits for has had time to be asked, and is well. */
function isRaised(one: Hung): boolean {
  const { views, frozen, silent: muted, waits, chain } = one;
  if (frozen || one.unaccepted || one.unix) return true;
  if (views.length === 0) return chain.length > 0;
  if (waits || muted.length === 0 || muted.length < views.length) return false;
  return isWellBehind(one, THRESHOLDS.lookupsInTime.windowMs);
}
