import type { TcpInfo } from '../../linux/tcp-info.js';
import type { Place } from './connection.js';

/** An acknowledgement without data comes so late at most (ms): TCP_DELACK_MAX is 200 ms; one of keep-alive comes later. */
const LATEST_ACK_MS = 250;

/** The connections of one edge on which one side waits for the other's answer, and how long the longest does (ms). */
export class WaitTally {
  /** We asked, and nothing has come since. */
  readonly unanswered = { count: 0, longestMs: 0 };
  /** We were asked, and have sent nothing since. */
  readonly owed = { count: 0, longestMs: 0 };

  /** Takes in an established connection on which something came `receivedMs` ago. */
  add(direction: Place['direction'], info: TcpInfo, receivedMs: number): void {
    if (direction === 'out') this.unansweredBy(info, receivedMs);
    else this.owedBy(info, receivedMs);
  }

  /**
   * Before anything came the kernel counts from the handshake, which is as long ago as what was sent right after it.
   * What was sent in the same tick as something came is a request or was answered: a request is acknowledged later.
   */
  private unansweredBy(info: TcpInfo, receivedMs: number): void {
    const { lastDataSentMs, lastAckRecvMs, dataSegsOut, dataSegsIn } = info;
    if (lastDataSentMs === null || !dataSegsOut) return;
    if (dataSegsIn !== 0 && lastDataSentMs > receivedMs) return;
    const ackedAfter = receivedMs - (lastAckRecvMs ?? receivedMs);
    const isLate = ackedAfter > 0 && ackedAfter <= LATEST_ACK_MS;
    if (dataSegsIn !== 0 && lastDataSentMs === receivedMs && !isLate) return;
    this.unanswered.count++;
    this.unanswered.longestMs = Math.max(this.unanswered.longestMs, lastDataSentMs);
  }

  /** What came in the same tick as something was sent may have been answered by it. */
  private owedBy({ lastDataSentMs, dataSegsOut, dataSegsIn }: TcpInfo, receivedMs: number): void {
    if (lastDataSentMs === null || !dataSegsIn) return;
    if (dataSegsOut !== 0 && receivedMs >= lastDataSentMs) return;
    this.owed.count++;
    this.owed.longestMs = Math.max(this.owed.longestMs, receivedMs);
  }
}
