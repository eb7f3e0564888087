import { kindOfPort } from '../../probes/datastores/kinds.js';
import type { History } from '../../store/history.js';
import { duration, plural } from '../../terminal/format.js';
import { isLocal } from '../facts/addresses.js';
import { edges, type NamedEdge } from '../facts/edges.js';
import { HOST_PLACE } from '../places.js';
import type { Thresholds } from '../threshold.js';
import { edgeRow } from './edge-row.js';
import type { RiskKind, SeenRisk } from './risk-kind.js';

const THRESHOLDS = {
  closed: {
    unit: 'connections',
    value: 2,
    reads: '0: the client is to close first',
    source:
      'RFC 9112, 9.5: who closes an idle connection may do so under a request; TIME-WAIT is on the side that closed first (RFC 9293)',
  },
  kept: {
    unit: 'ms',
    value: 1_000,
    source: 'our choice: a connection that waited for so long between two requests was kept for the next one',
  },
} as const satisfies Thresholds;

/** A server that closes connections that its client, a proxy mostly, keeps for the next request. */
export const keepAliveOrder: RiskKind = {
  id: 'keep-alive-order',
  thresholds: THRESHOLDS,
  find: (history) => edges(history).flatMap((edge) => ofClient(history, edge)),
};

/** Protocols that say goodbye are closed by either side, and lose nothing. */
function ofClient(history: History, edge: NamedEdge): SeenRisk[] {
  const { direction, idleMs, states, port, owner, processes, peerText } = edge;
  const kept = idleMs?.most ?? 0;
  if (direction !== 'out' || kept < THRESHOLDS.kept.value || (states['TIME-WAIT'] ?? 0) > 0) return [];
  const closed = kindOfPort(port) === undefined ? closedByServer(history, edge) : 0;
  if (closed < THRESHOLDS.closed.value) return [];
  const who = owner ?? processes?.join(', ') ?? HOST_PLACE;
  return [
    {
      subject: { kind: 'connection', id: `${who} → ${peerText}` },
      title: `${peerText} closes first what ${who} keeps: keep-alive in the wrong order`,
      evidence: [
        edgeRow(history, edge, THRESHOLDS.closed, {
          reading: closed,
          value: `${plural(closed, 'connection')} in TIME-WAIT at ${peerText}, none at ${who}, which keeps them between requests (${duration(kept)} now)`,
        }),
      ],
      mend: {
        text: `an idle limit of ${who} some seconds below that of the server (nginx \`keepalive_timeout 4s\` in the upstream), or of the server above its clients' (Node \`server.keepAliveTimeout = 75_000\`)`,
      },
    },
  ];
}

/** Sockets of this client at this server that the server closed: its own side of them is in TIME-WAIT. */
function closedByServer(history: History, client: NamedEdge): number {
  const onLoopback = isLocal(`${client.peer}:${client.port}`);
  return edges(history)
    .filter(
      ({ direction, port, inside, owner, peerName, peer }) =>
        direction === 'in' &&
        port === client.port &&
        (onLoopback
          ? inside === client.inside && isLocal(`${peer}:${port}`)
          : client.peerName !== null && owner === client.peerName && peerName === client.owner),
    )
    .reduce((sum, { states }) => sum + (states['TIME-WAIT'] ?? 0), 0);
}
