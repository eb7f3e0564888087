import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { servedBy } from '../../source/diagnosis/facts/blast-radius.js';
import { closeWaitHolders, type NamedHolder } from '../../source/diagnosis/facts/close-wait.js';
import { restartFix } from '../../source/diagnosis/facts/context.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { serviceOf } from '../../source/diagnosis/facts/services.js';
import { isRising } from '../../source/diagnosis/facts/trend.js';
import { fresh, known, STREAK_MS } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import type { History } from '../../source/store/history.js';
import type { Point } from '../../source/store/series.js';
import { percentOf, plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** An application does not close what its peers have closed: sockets pile up in CLOSE-WAIT, or lie there. */
export const mode = defineMode({
  id: 'close-wait-leak',
  called: 'a leak of connections',
  scope: 'workload',
  inputs: [['sockets', 'inside']],
  forMs: 2_000,
  keepMs: 20_000,
  minSamples: 1,
  base: 0.5,
  thresholds: THRESHOLDS,
  explains: [],
  rivals: ['service-hung', 'database-down', 'listen-overflow'],
  detect: (history) =>
    closeWaitHolders(history)
      .filter(({ count }) => count >= THRESHOLDS.old.clear)
      .map((holder) => candidate(history, holder)),
  clears(history) {
    const waiting = fresh(history.latest.sockets)?.total['CLOSE-WAIT'];
    const all = closeWaitHolders(history);
    if (waiting === undefined || all.some(({ count }) => count >= THRESHOLDS.old.clear)) return undefined;
    return `${plural(waiting, 'connection')} in CLOSE-WAIT`;
  },
});

function candidate(history: History, holder: NamedHolder): Candidate {
  const { id, who, name, process, count, share, signal, container } = holder;
  const { old, rising, share: most } = THRESHOLDS;
  const lies = holder.old !== null && holder.old >= old.raise;
  const piles = count >= rising.value && isRising(lately(history, signal), THRESHOLDS);
  const service = name === null ? undefined : serviceOf(history, name);
  const restart = 'restart the application: buys time until it leaks again';
  return {
    subject: { kind: 'workload', id },
    target: who,
    raise: share > most.value && (lies || piles),
    title: `CLOSE-WAIT leak in ${who}: ${plural(count, 'connection')} that it does not close`,
    severity: count >= old.critical ? 'critical' : 'warning',
    evidence: evidenceOf(holder, piles),
    fix: [
      service
        ? restartFix(service, '', restart)
        : now(restart, process ? `ps -fp ${process.pid}` : undefined),
      later(codeText(holder)),
    ],
    explanation: [
      `the peer has closed, ${who} has not called close()`,
      ...(process && container !== null
        ? [`held by ${process.name} (process ${process.pid} of this host)`]
        : []),
      ...(process && container === null ? [`process ${process.pid}`] : []),
    ],
    since: known(history, signal, STREAK_MS).find(({ value }) => value >= old.clear)?.at ?? null,
    ...(name === null ? {} : { seenAt: servedBy(history, name) }),
  };
}

/** Where in its code it is to be looked for. */
const codeText = ({ towards, port }: NamedHolder): string =>
  towards === null
    ? `close a connection once its client has: those that came in${port === null ? '' : ` at port ${port}`}`
    : `close or drain every response of ${towards.peer}, also on the error path`;

function evidenceOf(holder: NamedHolder, piles: boolean): WeightedEvidence[] {
  const { count, share, signal, towards } = holder;
  const { old, rising, onePeer, share: most } = THRESHOLDS;
  return gather(
    supports(old, {
      signal,
      reading: holder.old ?? count,
      value:
        holder.old === null
          ? `${count} (${percentOf(share)} of its connections there)`
          : `${count}, ${holder.old} of them for more than 10 s (${percentOf(share)} of its connections there)`,
      threshold: `${old.raise}, ${percentOf(most.value)}`,
    }),
    piles && supports(rising, { signal, value: 'rises and never falls' }),
    towards !== null &&
      supports(onePeer, {
        signal,
        reading: towards.count,
        value: `${towards.count} lead to ${towards.peer}`,
      }),
  );
}

/** Its readings that the trend is taken from, newest last. */
const lately = (history: History, signal: string): readonly Point[] =>
  known(history, signal, THRESHOLDS.rising.windowMs).slice(-THRESHOLDS.mostReadings.value);
