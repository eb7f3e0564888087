import type { TcpInfo } from '../../linux/tcp-info.js';
import type { Edge } from './sample.js';

/** The round trips of the connections of one edge, as the kernel measured them: smoothed, and the least of each. */
export class RoundTrips {
  private readonly smoothedUs: number[] = [];
  private readonly leastUs: number[] = [];

  add({ rttUs, minRttUs }: TcpInfo): void {
    if (rttUs !== null) this.smoothedUs.push(rttUs);
    if (minRttUs !== null) this.leastUs.push(minRttUs);
  }

  /** The middle ones; null where none was measured. */
  get middle(): Pick<Edge, 'rttMs' | 'minRttMs'> {
    return { rttMs: medianMs(this.smoothedUs), minRttMs: medianMs(this.leastUs) };
  }
}

/** The middle of microseconds, in ms. */
function medianMs(values: number[]): number | null {
  if (values.length === 0) return null;
  values.sort((a, b) => a - b);
  return (values[Math.floor((values.length - 1) / 2)] as number) / 1000;
}
