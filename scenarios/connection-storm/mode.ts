import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundWorkloads, outsideContainers } from '../../source/diagnosis/facts/blast-radius.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import {
  type Askers,
  askersOf,
  type CrowdedListener,
  crowdedListeners,
  synPressure,
} from '../../source/diagnosis/facts/half-open.js';
import { known } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { placeOf } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { perSecond } from '../../source/terminal/format.js';

const THRESHOLDS = {
  pressed: {
    unit: '/s',
    raise: 1,
    clear: 0.2,
    critical: 5,
    windowMs: 15_000,
    weight: 0.25,
    reads: '1 /s, clears at 0.2 /s, 5 /s dropped is critical',
    source: 'Netdata 1m_tcp_syn_queue_cookies, 1m_tcp_syn_queue_drops: 1/s, 5/s',
  },
  halfOpen: {
    unit: 'connections',
    value: 4,
    weight: 0.1,
    reads: '4, and the most of its network',
    source:
      'our choice: the kernel has counted that a queue is full; the listener with most of them is the one',
  },
  own: {
    unit: 'share',
    value: 0.8,
    weight: 0.05,
    reads: '80 % from workloads of this machine',
    source: 'our choice: what an own fleet does is mended at the fleet, a forged flood is not',
  },
} as const satisfies Thresholds;

/** The queue of half-open connections is full, of many that ask at once and not of a server that does not accept. */
export const mode = defineMode({
  id: 'connection-storm',
  aliases: ['syn-flood', 'syn-storm'],
  called: 'a storm of new connections',
  scope: 'listener',
  inputs: [
    ['kernel', 'inside'],
    ['sockets', 'inside'],
  ],
  forMs: 2_000,
  keepMs: 20_000,
  minSamples: 1,
  base: 0.5,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'retransmission', 'packet-loss', 'latency', 'listen-overflow'],
  rivals: ['listen-overflow', 'conntrack-full', 'packet-loss'],
  detect: (history) =>
    crowdedListeners(history, THRESHOLDS.pressed.windowMs)
      .filter(({ unaccepted, half }) => !unaccepted && half.count >= THRESHOLDS.halfOpen.value)
      .map((crowded) => candidate(history, crowded)),
  clears(history) {
    const pressure = synPressure(history, null, THRESHOLDS.pressed.windowMs);
    if (!pressure || pressure.cookies + pressure.dropped >= THRESHOLDS.pressed.clear) return undefined;
    return 'no SYN cookie is sent, no half-open connection dropped';
  },
});

function candidate(history: History, crowded: CrowdedListener): Candidate {
  const { half, container, id, service, who, pressure } = crowded;
  const { raise, clear, critical, windowMs } = THRESHOLDS.pressed;
  const askers = askersOf(history, half);
  const worst = Math.max(pressure.cookies, pressure.dropped);
  const where = `${who} port ${half.port}`;
  return {
    subject: { kind: 'listener', id },
    target: where,
    raise: worst > raise,
    clear: worst < clear,
    title: `Connection storm at ${where}: ${half.count} half-open connections, ${askers.text}`,
    severity: pressure.dropped > critical ? 'critical' : 'warning',
    evidence: evidenceOf(crowded, askers),
    fix: fixesOf(crowded, askers),
    explanation: [
      `${half.count} connections are half-open${roomText(half)}: ${askers.text}`,
      pressure.dropped > raise
        ? `${perSecond(pressure.dropped)} are dropped for want of room in the queue of half-open ones; the accept queue is not full`
        : `${perSecond(pressure.cookies)} are answered with a SYN cookie: they come about, without their TCP options`,
    ],
    since: known(history, pressure.signal, windowMs).find(({ value }) => value > clear)?.at ?? null,
    radius: [
      placeOf(id),
      ...(service ? aroundWorkloads(history, [service]) : []),
      ...(container === null ? outsideContainers(history) : []),
    ],
  };
}

function evidenceOf({ half, container, pressure }: CrowdedListener, askers: Askers): WeightedEvidence[] {
  const { pressed, halfOpen, own } = THRESHOLDS;
  const { cookies, dropped, signal } = pressure;
  const more = Math.max(cookies, dropped);
  const value = `${perSecond(more)} ${cookies > dropped ? 'SYN cookies' : 'dropped'}`;
  const counted = `sockets.SYN-RECV${container === null ? '' : `{${container}}`}`;
  const { count: reading, knownShare } = { ...half, ...askers };
  return gather(
    more > pressed.clear && supports(pressed, { signal, reading: more, value }),
    supports(halfOpen, {
      signal: counted,
      reading,
      value: `${reading} half-open at port ${half.port}${roomText(half)}`,
    }),
    knownShare >= own.value && supports(own, { signal: counted, reading: knownShare, value: askers.text }),
  );
}

const roomText = ({ backlog }: CrowdedListener['half']): string =>
  backlog === null ? '' : `, the backlog is ${backlog}`;

function fixesOf({ container, half, pressure, who }: CrowdedListener, { known: own }: Askers): Fix[] {
  const inside =
    container === null ? '' : `nsenter -t $(docker inspect -f '{{.State.Pid}}' ${container}) -n `;
  const calm =
    own.length > 0
      ? now(`let ${own.length > 1 ? 'them' : own[0]} come back one by one, with a pause between tries`)
      : now(
          'find who asks; a few addresses are a fleet to be slowed, very many may be forged',
          `${inside}ss -Htn state syn-recv 'sport = :${half.port}'`,
        );
  return [
    calm,
    ...(pressure.dropped > THRESHOLDS.pressed.raise
      ? [now('SYN cookies, so that nothing is dropped', `${inside}sysctl -w net.ipv4.tcp_syncookies=1`)]
      : []),
    later('growing pauses with jitter between the tries of all clients', 'backoff'),
    later(`a backlog of ${who} for all of its clients at once`),
  ];
}
