import type { TcpInfo } from '../../linux/tcp-info.js';
import type { Totals } from './connection.js';

/** A connection that was silent for less (ms) was not kept for later: who works and then says goodbye is as quick. */
const LEAST_SILENCE_MS = 100;
/** What was closed before is known after a round trip: the kernel takes 1 s for one before it has measured (RFC 6298). */
const LATEST_END_MS = 1_000;

/** How a kept connection ended that was used once more. */
export interface Cut {
  /** Silence (ms) between the last answer and that use. */
  readonly idleMs: number;
  /** It had no orderly end: our FIN was never acknowledged, mostly for a reset that came first. */
  readonly reset: boolean;
}

/**
 * Whether a connection of ours, with its last figures, was kept after an answer, used again, and ended at once without
 * another: its peer had closed it, or just did. A protocol that says goodbye before it closes looks alike, but is not reset.
 */
export function cutOnReuse(info: TcpInfo): Cut | undefined {
  const { lastDataSentMs: sent, lastDataRecvMs: received, dataSegsIn, dataSegsOut } = info;
  if (sent === null || received === null || !dataSegsIn || (dataSegsOut ?? 0) < 2) return undefined;
  if (sent > LATEST_END_MS || received - sent < LEAST_SILENCE_MS) return undefined;
  return { idleMs: received - sent, reset: endedByReset(info) };
}

/** A connection that was idle for so long (ms) was kept: who works and says goodbye is quicker. */
const LEAST_IDLE_MS = 1_000;

/**
 * How long (ms) a kept connection was idle that ended in order, as the peer's FIN came and nobody had used it once more:
 * both ends knew of it until then. Undefined of others, and of what no look has seen `before`.
 */
export function endedIdle(info: TcpInfo, before: Totals | undefined): number | undefined {
  const { lastDataSentMs: sent, lastDataRecvMs: received, bytesReceived, dataSegsIn, dataSegsOut } = info;
  if (!before || before.received === null || bytesReceived === null || sent === null || received === null)
    return undefined;
  const isUnused = dataSegsIn === before.in && dataSegsOut === before.out;
  const idleMs = Math.min(sent, received);
  if (!isUnused || bytesReceived !== before.received + 1 || idleMs < LEAST_IDLE_MS) return undefined;
  return idleMs;
}

/** With an orderly end what is acknowledged is all data, the SYN and the FIN. */
const endedByReset = ({ bytesSent, bytesAcked, bytesRetrans }: TcpInfo): boolean =>
  bytesSent !== null && bytesAcked !== null && bytesAcked <= bytesSent - (bytesRetrans ?? 0) + 1;
