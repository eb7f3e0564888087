import type { TcpInfo } from '../tcp-info.js';
import { LITTLE } from './inet-diag-request.js';

/** tcp_min_rtt() before the first measurement. */
const NOT_MEASURED = 0xffffffff;

/** `struct tcp_info` where it lies. Kernels have made it longer over the years: what is beyond its end is null. */
export class TcpInfoView implements TcpInfo {
  private at = 0;
  private end = 0;

  constructor(private readonly view: DataView) {}

  /** Points at the one between two offsets of the view, which the caller has found to be within it. */
  moveTo(at: number, end: number): this {
    this.at = at;
    this.end = end;
    return this;
  }

  get backoff(): number | null {
    return this.at + 5 <= this.end ? this.view.getUint8(this.at + 4) : null;
  }
  get timeoutUs(): number | null {
    return this.u32(8) || null;
  }
  get segmentBytes(): number | null {
    return this.u32(16) || null;
  }
  get notSentBytes(): number | null {
    return this.u32(144);
  }
  get unacked(): number | null {
    return this.u32(24);
  }
  get lastDataSentMs(): number | null {
    return this.u32(44);
  }
  get lastDataRecvMs(): number | null {
    return this.u32(52);
  }
  get lastAckRecvMs(): number | null {
    return this.u32(56);
  }
  get pathMtu(): number | null {
    return this.u32(60) || null;
  }
  get rttUs(): number | null {
    return this.u32(68) || null;
  }
  get minRttUs(): number | null {
    const least = this.u32(148);
    return least === NOT_MEASURED ? null : least;
  }
  get totalRetrans(): number | null {
    return this.u32(100);
  }
  get dataSegsIn(): number | null {
    return this.u32(152);
  }
  get dataSegsOut(): number | null {
    return this.u32(156);
  }
  get bytesSent(): number | null {
    return this.u64(200);
  }
  get bytesAcked(): number | null {
    return this.u64(120);
  }
  get bytesReceived(): number | null {
    return this.u64(128);
  }
  get bytesRetrans(): number | null {
    return this.u64(208);
  }
  get dsackDups(): number | null {
    return this.u32(216);
  }
  get outOfOrder(): number | null {
    return this.u32(224);
  }
  get busyUs(): number | null {
    return this.u64(168);
  }
  get receiverLimitedUs(): number | null {
    return this.u64(176);
  }

  private u32(offset: number): number | null {
    const at = this.at + offset;
    return at + 4 <= this.end ? this.view.getUint32(at, LITTLE) : null;
  }

  /** Exact up to 2^53. */
  private u64(offset: number): number | null {
    const at = this.at + offset;
    if (at + 8 > this.end) return null;
    const [first, second] = [this.view.getUint32(at, LITTLE), this.view.getUint32(at + 4, LITTLE)];
    return LITTLE ? second * 2 ** 32 + first : first * 2 ** 32 + second;
  }
}
