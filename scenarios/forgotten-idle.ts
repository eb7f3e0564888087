import { supports, type WeightedEvidence } from '../source/diagnosis/evidence.js';
import type { CutClient } from '../source/diagnosis/facts/cut-on-reuse.js';
import { later, now } from '../source/diagnosis/facts/fixes.js';
import {
  type Forgetful,
  forgetful,
  type ResetOnTheWay,
  resetOnTheWay,
} from '../source/diagnosis/facts/forgotten.js';
import type { Threshold } from '../source/diagnosis/threshold.js';
import type { Fix } from '../source/store/finding.js';
import type { History } from '../source/store/history.js';
import { duration } from '../source/terminal/format.js';

/** What is said alike of connections that a stateful middle forgets, whichever way it shows. */

/** From when a reset of a kept connection came from between its ends; told apart from a server that closes by these. */
export const RESET_ON_THE_WAY = {
  leastIdle: {
    unit: 'ms',
    value: 3_000,
    source:
      'our choice: servers close so soon (gunicorn 2 s), no balancer or NAT that is known forgets so soon',
  },
  endedInOrder: {
    unit: 'share',
    value: 0.8,
    source: 'RFC 9293: whom both ends know is closed with a FIN; a server ends most idle connections so',
  },
  byServer: {
    unit: 'share',
    value: 0.5,
    weight: 0.15,
    reads: 'half of them',
    source: 'snmp_counter(kernel): OutRsts counts the resets that a kernel sent itself',
  },
} as const;

/** Resets that are too many for a server that was started anew. */
export const RESETS = {
  unit: 'connections',
  value: 3,
  windowMs: 600_000,
  weight: 0.25,
  source: 'our choice: one or two may be a server that was started anew',
} as const;

/** Whether what was cut off as it was used again was reset on the way, and by whom not; undefined where its server may have done it. */
export const resetBetween = (history: History, cut: CutClient): ResetOnTheWay | undefined =>
  resetOnTheWay(history, cut, { ...RESET_ON_THE_WAY, reset: RESETS });

/** A middle that is seen to forget sooner. */
export const FORGETS_SOONER = {
  unit: 'ms',
  weight: 0.15,
  reads: 'longer than they were idle',
  source: 'nf_conntrack-sysctl(kernel): nf_conntrack_tcp_timeout_established',
} as const;

const called = ({ name }: Forgetful): string => name ?? 'this host';

/** Where it sits, as a title goes on: `in router`, or `on the way`. */
export const wherePut = (history: History, idleMs: number): string => {
  const [first] = forgetful(history, idleMs);
  return first ? `in ${called(first)}` : 'on the way';
};

export const forgetfulRows = (history: History, idleMs: number): WeightedEvidence[] =>
  forgetful(history, idleMs)
    .slice(0, 2)
    .map((one, i) =>
      supports(FORGETS_SOONER as Threshold, {
        signal: one.name === null ? 'conntrack.count' : `inside{${one.name}}`,
        reading: one.afterMs,
        value: `${called(one)} forgets a connection that says nothing for ${duration(one.afterMs)}`,
        ...(i === 0 ? {} : { weight: 0 }),
      }),
    );

/** What is done about it, by whoever keeps them idle for `idleMs` (ms). */
export const keepAliveFixes = (history: History, who: string, idleMs: number): readonly Fix[] => {
  const [first] = forgetful(history, idleMs);
  const limit = duration(first?.afterMs ?? idleMs);
  return [
    now(`let ${who} send TCP keep-alive sooner than every ${limit}, or drop what was idle for so long`),
    later(
      `a limit on how long a connection stays idle in the pool of ${who}, and a check before it is used again`,
    ),
    later(`or let the middle remember for longer${first ? '' : ' (NAT, firewall, balancer)'}`),
  ];
};
