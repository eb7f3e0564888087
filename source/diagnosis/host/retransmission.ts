import type { History } from '../../store/history.js';
import { perSecond } from '../../terminal/format.js';
import { average, known } from '../facts/values.js';
import { supports } from '../old-evidence.js';
import type { Assessment, Signature } from '../signature.js';

const THRESHOLDS = {
  /** Percent of segments sent again; measured: it equals the packet loss of the path. */
  percent: {
    raise: 1,
    critical: 5,
    clear: 0.5,
    source: 'measured: retransmitted percent is about the packet loss',
  },
  windowMs: 30_000,
  /** Segments a second below which a percentage says nothing (100 in the window). */
  segments: { value: 3.4, source: 'at least 100 segments in the window' },
} as const;

/** Segments are sent again: packets get lost on the way. */
export const retransmission: Signature = {
  id: 'retransmission',
  forMs: 15_000,
  keepMs: 20_000,
  explains: ['http-errors'],
  assess,
};

function assess(history: History): Assessment | undefined {
  const { windowMs, segments, percent } = THRESHOLDS;
  const again = average(history, 'kernel.Tcp.RetransSegs', windowMs);
  const sent = average(history, 'kernel.Tcp.OutSegs', windowMs);
  if (again === undefined || sent === undefined) return undefined;
  const enough = sent >= segments.value;
  const share = sent > 0 ? (100 * again) / sent : 0;
  const value = `${share.toFixed(1)} % of ${perSecond(sent)} segments`;
  return {
    target: 'this host, TCP',
    raise: enough && share > percent.raise,
    clear: share < percent.clear || !enough,
    title: `${share.toFixed(1)} % of TCP segments are sent again: packets get lost`,
    severity: share > percent.critical ? 'critical' : 'warning',
    base: 0.5,
    evidence: [
      supports(0.25, {
        signal: 'kernel.retransPercent',
        value,
        threshold: `${percent.raise} %, clears at ${percent.clear} %`,
        source: percent.source,
      }),
    ],
    ruledOut: [],
    fix: [
      {
        when: 'now',
        text: 'find the path that loses them',
        command: 'ss -ti state established | grep -B1 retrans',
      },
      {
        when: 'later',
        text: 'look at interface drops, duplex, MTU and the queues on the way',
        command: 'ip -s link',
      },
    ],
    story: [`${value} over ${windowMs / 1000} s`],
    since: known(history, 'kernel.Tcp.RetransSegs', windowMs).find((point) => point.value > 0)?.at ?? null,
  };
}
