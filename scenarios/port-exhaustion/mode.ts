import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundWorkload, outsideContainers } from '../../source/diagnosis/facts/blast-radius.js';
import { edges } from '../../source/diagnosis/facts/edges.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { whoText } from '../../source/diagnosis/facts/services.js';
import { type UsedPorts, usedPorts } from '../../source/diagnosis/facts/used-ports.js';
import { fresh, known, STREAK_MS } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { HOST_PLACE } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { joinHostPort } from '../../source/linux/ip-address.js';
import type { History } from '../../source/store/history.js';
import { percentOf } from '../../source/terminal/format.js';

const THRESHOLDS = {
  used: {
    unit: 'share',
    raise: 0.9,
    clear: 0.8,
    critical: 0.97,
    weight: 0.3,
    reads: '90 % of the local ports, clears at 80 %, 97 % is critical',
    source:
      'our choice: connect() fails once all are in use; near that it tries every port in turn, and some are held by who listens',
  },
  ended: {
    unit: 'share',
    value: 0.5,
    weight: 0.05,
    source: 'our choice: what most of the ports are tells what to change, the pool or the keep-alive',
  },
} as const satisfies Thresholds;

/** Nearly all local ports of a network are in use towards one server: further connections to it fail at once. */
export const mode = defineMode({
  id: 'port-exhaustion',
  called: 'used-up local ports',
  scope: 'connection',
  inputs: [['sockets', 'inside']],
  forMs: 2_000,
  keepMs: 20_000,
  minSamples: 1,
  base: 0.55,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'latency'],
  rivals: ['partition', 'service-stopped', 'conntrack-full', 'close-wait-leak'],
  detect: (history) =>
    usedPorts(history)
      .filter(({ share }) => share >= THRESHOLDS.used.clear)
      .map((used) => candidate(history, used)),
  clears(history) {
    const [most] = usedPorts(history);
    if (most === undefined)
      return fresh(history.latest.sockets)?.edges && 'no server takes half of the local ports there are';
    if (most.share >= THRESHOLDS.used.clear) return undefined;
    return `at most ${most.use.taken} of ${most.use.of} local ports are in use towards one server`;
  },
});

function candidate(history: History, used: UsedPorts): Candidate {
  const { use, container, share, signal } = used;
  const { used: bound } = THRESHOLDS;
  const server = joinHostPort(use.peer, use.port);
  const its = edges(history).filter(
    ({ inside, direction, peer, port }) =>
      inside === container && direction === 'out' && peer === use.peer && port === use.port,
  );
  const peerText = its[0]?.peerName ? `${its[0].peerName} (${server})` : server;
  const holders = [...new Set(its.flatMap(({ owner, processes }) => owner ?? processes ?? []))];
  const who = container ?? (holders.length > 0 ? whoText(history, holders) : 'this host');
  const ended = use.timeWait / Math.max(1, use.taken);
  return {
    subject: { kind: 'connection', id: `${container ?? 'this host'} → ${server}` },
    target: `${who} → ${peerText}`,
    raise: share >= bound.raise,
    clear: share < bound.clear,
    title: `Local ports used up: ${who} has ${figure(use.taken)} of ${figure(use.of)} in use towards ${peerText}`,
    severity: share >= bound.critical ? 'critical' : 'warning',
    evidence: evidenceOf(used, ended),
    fix: [freeFix(used, who), ended > THRESHOLDS.ended.value ? later(KEEP) : later(LIMIT)],
    explanation: [
      `${figure(use.taken)} of ${figure(use.of)} local ports (${use.range}) of ${use.source} lead to ${server}, ${percentOf(ended)} of them in TIME-WAIT`,
      'one more connection there fails at once (EADDRNOTAVAIL); other servers are reached',
    ],
    since: known(history, signal, STREAK_MS).find(({ value }) => value >= bound.clear)?.at ?? null,
    radius:
      container === null ? [HOST_PLACE, ...outsideContainers(history)] : aroundWorkload(history, container),
  };
}

function evidenceOf({ use, share, signal }: UsedPorts, ended: number): WeightedEvidence[] {
  const { used, ended: most } = THRESHOLDS;
  return gather(
    supports(used, {
      signal,
      reading: share,
      value: `${figure(use.taken)} of ${figure(use.of)} (${percentOf(share)})`,
    }),
    supports(most, {
      signal,
      reading: ended,
      value: ended > most.value ? `${percentOf(ended)} in TIME-WAIT` : `${percentOf(1 - ended)} open`,
    }),
  );
}

const KEEP =
  'keep connections and use them again (keep-alive, a pool), so that a request takes no port of its own';
const LIMIT = 'a limit on the connections of the pool, and giving each back: open ones hold the ports';

/** Widening the range helps at once; a container gets it when it is made anew, or from the host through its process. */
function freeFix({ use, container }: UsedPorts, who: string): ReturnType<typeof now> {
  const set = 'sysctl -w net.ipv4.ip_local_port_range="1024 65535"';
  return now(
    `widen the range of local ports (${use.range}), or end ${who}'s connections`,
    container === null ? set : `nsenter -t $(docker inspect -f '{{.State.Pid}}' ${container}) -n ${set}`,
  );
}

const figure = (count: number): string => count.toLocaleString('en-US');
