import type { History } from '../../store/history.js';
import { duration, elapsed } from '../../terminal/format.js';
import { isLocal } from '../facts/addresses.js';
import { edges, type NamedEdge } from '../facts/edges.js';
import { fresh } from '../facts/values.js';
import { HOST_PLACE } from '../places.js';
import type { Threshold, Thresholds } from '../threshold.js';
import { edgeRow } from './edge-row.js';
import type { RiskKind, SeenRisk } from './risk-kind.js';

const THRESHOLDS = {
  onTheWay: {
    unit: 's',
    value: 350,
    reads: '350 s',
    source:
      'AWS: load balancers and NAT gateways forget a silent flow after 350 s (Azure 240 s, Google 600 s); what is really on the way is not seen from here',
  },
  tracked: {
    unit: 's',
    source: 'nf_conntrack_tcp_timeout_established of this host, through which the packets of a container go',
  },
  silent: {
    unit: 's',
    value: 60,
    source: 'our choice: a connection that has been silent for a minute is one that is kept',
  },
} as const satisfies Thresholds;

/** Kept connections whose first keep-alive comes when their flow is long forgotten, or that ask for none. */
export const lateKeepAlive: RiskKind = {
  id: 'late-keep-alive',
  thresholds: THRESHOLDS,
  find: (history) => edges(history).flatMap((edge) => ofEdge(history, edge)),
};

function ofEdge(history: History, edge: NamedEdge): SeenRisk[] {
  const { direction, idleMs, keepAlive, owner, processes, peerText } = edge;
  const silentMs = idleMs?.most ?? 0;
  const bound = boundOf(history, edge);
  if (direction !== 'out' || silentMs < 1000 * THRESHOLDS.silent.value || !bound) return [];
  const { armed, none, longestMs } = keepAlive;
  const late = armed > 0 && longestMs !== null && longestMs > 1000 * bound.seconds;
  if (!late && none === 0) return [];
  const who = owner ?? processes?.join(', ') ?? HOST_PLACE;
  const first = late
    ? `the first keep-alive comes ${duration(longestMs ?? 0)} from now${sysctlText(history, edge)}`
    : `${none === 1 ? 'it asks' : `${none} ask`} for no keep-alive`;
  return [
    {
      subject: { kind: 'connection', id: `${who} → ${peerText}` },
      title: `Keep-alives of ${who} → ${peerText} come too late: a silent flow may be forgotten after ${elapsed(1000 * bound.seconds)}`,
      evidence: [
        edgeRow(history, edge, bound.against, {
          reading: late ? Math.round((longestMs ?? 0) / 1000) : undefined,
          value: `silent for ${duration(silentMs)} so far; ${first}`,
        }),
      ],
      mend: late
        ? {
            text: `a first keep-alive before that, in its driver or pool (\`keepalives_idle=60\`, TCP_KEEPIDLE), and connections no older than some minutes`,
            command:
              'sysctl -w net.ipv4.tcp_keepalive_time=60   # in its own network where it is a container: docker run --sysctl',
          }
        : {
            text: 'keep-alive switched on in its driver or pool (SO_KEEPALIVE with TCP_KEEPIDLE 60, `keepalives=1 keepalives_idle=60`), and connections no older than some minutes',
          },
    },
  ];
}

/** What the kernel takes where a program names no time of its own; of a container's network it is not read. */
function sysctlText(history: History, { inside }: NamedEdge): string {
  const seconds = inside === null ? fresh(history.latest.settings)?.keepAliveSeconds : undefined;
  return seconds == null ? '' : ` (net.ipv4.tcp_keepalive_time ${seconds} s)`;
}

interface Bound {
  readonly seconds: number;
  readonly against: Threshold;
}

/** When the first on its way may forget a silent flow: the host's own table for a container, and who stands beyond the wire. */
function boundOf(history: History, { peer, port, near, peerName, inside }: NamedEdge): Bound | undefined {
  if (isLocal(`${peer}:${port}`)) return undefined;
  const tracked = fresh(history.latest.conntrack)?.timeouts.tcp_timeout_established;
  const { onTheWay } = THRESHOLDS;
  const beyond = !near && peerName === null ? { seconds: onTheWay.value, against: onTheWay } : undefined;
  const own =
    inside !== null && tracked !== undefined
      ? { seconds: tracked, against: { ...THRESHOLDS.tracked, value: tracked } }
      : undefined;
  if (own && (!beyond || own.seconds < beyond.seconds)) return own.seconds <= LONG_S ? own : undefined;
  return beyond;
}

/** A table that keeps flows for longer (s) than the kernel's own keep-alive takes (tcp_keepalive_time) forgets none in use. */
const LONG_S = 7_200;
