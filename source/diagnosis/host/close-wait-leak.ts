import type { History } from '../../store/history.js';
import { percentOf, plural } from '../../terminal/format.js';
import { fresh, known } from '../facts/values.js';
import { gather, supports } from '../old-evidence.js';
import type { Assessment, Signature } from '../signature.js';

const THRESHOLDS = {
  /** Sockets whose peer has closed and whose owner has not. */
  count: {
    raise: 50,
    critical: 1000,
    clear: 25,
    source: 'our choice; a healthy client leaves none for longer than a moment',
  },
  /** Their share of all connections that are open on this side. */
  share: { value: 0.5, source: 'our choice: a burst leaves few of many, a leak many of few' },
  /** Looks that must not show a decrease, over this long (ms). */
  trend: {
    samples: 6,
    windowMs: 60_000,
    source: "Coroot's leak detector: rising, and still rising at its end",
  },
} as const;

/** An application does not close what its peers have closed: sockets pile up in CLOSE-WAIT. */
export const closeWaitLeak: Signature = {
  id: 'close-wait-leak',
  forMs: 20_000,
  keepMs: 20_000,
  explains: [],
  assess,
};

function assess(history: History): Assessment | undefined {
  const sample = fresh(history.latest.sockets);
  const waiting = sample?.total['CLOSE-WAIT'];
  if (!sample || waiting === undefined) return undefined;
  const open = sample.total.ESTAB ?? 0;
  const share = waiting / Math.max(1, waiting + open);
  const { raise, critical, clear, source } = THRESHOLDS.count;
  const owner = [...sample.perService].sort(
    (a, b) => (b.byState['CLOSE-WAIT'] ?? 0) - (a.byState['CLOSE-WAIT'] ?? 0),
  )[0];
  const owned = owner?.byState['CLOSE-WAIT'] ?? 0;
  const peer = sample.topPeers['CLOSE-WAIT'][0];
  return {
    target: owner && owned > 0 ? owner.service : 'an application of this host',
    raise: waiting >= raise && share > THRESHOLDS.share.value && isRising(history),
    clear: waiting < clear,
    title: `${plural(waiting, 'connection')} left in CLOSE-WAIT: the application does not close them`,
    severity: waiting >= critical ? 'critical' : 'warning',
    base: 0.5,
    evidence: gather(
      supports(0.2, {
        signal: 'sockets.CLOSE-WAIT',
        value: `${waiting} (${percentOf(share)} of open connections)`,
        threshold: `${raise}, ${percentOf(THRESHOLDS.share.value)}`,
        source,
      }),
      isRising(history)
        ? supports(0.15, {
            signal: 'sockets.CLOSE-WAIT',
            value: 'rises and never falls',
            threshold: `${THRESHOLDS.trend.samples} looks`,
            source: THRESHOLDS.trend.source,
          })
        : undefined,
      peer &&
        supports(0.05, {
          signal: 'sockets.topPeers',
          value: `${peer.count} of them from ${peer.peer}`,
          threshold: 'one peer stands out',
          source: THRESHOLDS.share.source,
        }),
    ),
    ruledOut: [],
    fix: [
      { when: 'now', text: 'restart the application: buys time until it leaks again' },
      { when: 'later', text: 'close or drain every response body, also on the error path' },
    ],
    story: [
      `the peer has closed, ${owner && owned > 0 ? owner.service : 'the application'} has not called close()`,
    ],
    since: known(history, 'sockets.CLOSE-WAIT', 600_000).find((point) => point.value >= clear)?.at ?? null,
  };
}

/** Whether the count has not fallen over its last looks and is still climbing at their end. */
function isRising(history: History): boolean {
  const { samples, windowMs } = THRESHOLDS.trend;
  const values = known(history, 'sockets.CLOSE-WAIT', windowMs)
    .map((point) => point.value)
    .slice(-samples * 4);
  if (values.length < samples) return false;
  if (values.some((value, i) => i > 0 && value < (values[i - 1] as number))) return false;
  return (values.at(-1) as number) > (values[Math.floor(values.length * 0.75)] as number);
}
