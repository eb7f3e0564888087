/**
 * Figures of one connection's `struct tcp_info` (include/uapi/linux/tcp.h). A view over the reader's buffer: read what
 * you need inside the callback, keep none. Null is a figure that this kernel does not have, or has not measured yet.
 */
export interface TcpInfo {
  /** Retransmission timeouts in a row without an answer: the timer doubles with each. */
  readonly backoff: number | null;
  /** Microseconds after which what is not acknowledged is sent again: doubled with each `backoff`. */
  readonly timeoutUs: number | null;
  /** Bytes of data in a full-size segment that it sends. */
  readonly segmentBytes: number | null;
  /** Bytes that wait to be sent for the first time. */
  readonly notSentBytes: number | null;
  /** Segments sent and not acknowledged. */
  readonly unacked: number | null;
  /** Milliseconds since data was last sent, received, and since anything was last acknowledged. */
  readonly lastDataSentMs: number | null;
  readonly lastDataRecvMs: number | null;
  readonly lastAckRecvMs: number | null;
  readonly pathMtu: number | null;
  /** Smoothed round trip, and the least that was seen lately, in microseconds. */
  readonly rttUs: number | null;
  readonly minRttUs: number | null;
  /** Segments sent again since it began, SYNs among them. */
  readonly totalRetrans: number | null;
  /** Segments with data received, and sent: those sent again are counted each time. */
  readonly dataSegsIn: number | null;
  readonly dataSegsOut: number | null;
  /** Bytes of data sent, those sent again among them; and acknowledged, with one more for the SYN and one for the FIN. */
  readonly bytesSent: number | null;
  readonly bytesAcked: number | null;
  /** Bytes of data received in order, with one more for the FIN. */
  readonly bytesReceived: number | null;
  /** Bytes of data sent again: SYNs have none. */
  readonly bytesRetrans: number | null;
  /** Segments that the peer said it got twice (DSACK): they were sent again for nothing. */
  readonly dsackDups: number | null;
  /** Data segments that came out of order: one before them was lost, or overtaken. */
  readonly outOfOrder: number | null;
  /** Microseconds in which there was data to send, and of these those in which the receiver had no room. */
  readonly busyUs: number | null;
  readonly receiverLimitedUs: number | null;
}
