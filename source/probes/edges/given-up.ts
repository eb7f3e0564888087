import type { TcpInfo } from '../../linux/tcp-info.js';

/** What is sent so shortly (ms) before the end is a goodbye, or a protocol without answers, and not waited for. */
const LEAST_WAIT_MS = 100;

/** Whether a connection of ours, with its last figures, ended while what we had sent last was still without an answer. */
export function isGivenUp({
  lastDataSentMs: sent,
  lastDataRecvMs: received,
  dataSegsIn,
  dataSegsOut,
}: TcpInfo): boolean {
  if (sent === null || received === null || !dataSegsOut || sent < LEAST_WAIT_MS) return false;
  return dataSegsIn === 0 || sent < received;
}
