import type { SocketRow } from '../../../source/linux/socket-row.js';
import type { TcpInfo } from '../../../source/linux/tcp-info.js';

const NO_INFO: TcpInfo = {
  ...{ backoff: 0, unacked: 0, lastDataSentMs: 10, lastDataRecvMs: 5, lastAckRecvMs: 5, pathMtu: 1_500 },
  ...{ rttUs: 300, minRttUs: 200, totalRetrans: 0, dataSegsIn: 0, dataSegsOut: 0, bytesRetrans: 0 },
  ...{ timeoutUs: 200_000, segmentBytes: 1_448, notSentBytes: 0 },
  ...{ dsackDups: 0, outOfOrder: 0, bytesSent: 0, bytesAcked: 1, bytesReceived: 0 },
  ...{ busyUs: 0, receiverLimitedUs: 0 },
};

export const info = (more: Partial<TcpInfo> = {}): TcpInfo => ({ ...NO_INFO, ...more });

type RowFigures = Partial<SocketRow> & { readonly local?: string; readonly remote?: string };

/** A row as netlink gives it: 10.0.0.2:41000 is connected to 10.0.0.3:5432. */
export function row({ local = '10.0.0.2', remote = '10.0.0.3', ...more }: RowFigures = {}): SocketRow {
  return {
    ...{ family: 4, state: 'ESTAB', localPort: 41_000, remotePort: 5_432, rxQueue: 0, txQueue: 0 },
    ...{ inode: 1, timer: 0, retransmits: 0, expiresMs: 0, cookie: 1, uid: 0, cgroupId: null },
    info: info(),
    localAddress: () => local,
    remoteAddress: () => remote,
    ...more,
  };
}
