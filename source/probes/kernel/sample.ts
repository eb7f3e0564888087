/** Counters of the kernel's TCP and UDP. Times are milliseconds. */

/** Counters since boot of the network namespace; the store makes rates of them. Absent counters are null, never zero. */
export interface KernelSample {
  readonly counters: Readonly<Record<KernelCounter, number | null>>;
  readonly means: string;
}

export const KERNEL_COUNTERS = [
  'Tcp.ActiveOpens',
  'Tcp.PassiveOpens',
  'Tcp.AttemptFails',
  'Tcp.EstabResets',
  'Tcp.CurrEstab',
  'Tcp.InSegs',
  'Tcp.OutSegs',
  'Tcp.RetransSegs',
  'Tcp.OutRsts',
  'TcpExt.ListenOverflows',
  'TcpExt.ListenDrops',
  'TcpExt.SyncookiesSent',
  'TcpExt.TCPTimeouts',
  'TcpExt.TCPSynRetrans',
  'TcpExt.TCPOrigDataSent',
  'TcpExt.TCPDSACKRecv',
  'TcpExt.TCPMemoryPressures',
  'TcpExt.TCPAbortOnData',
  'TcpExt.TCPReqQFullDrop',
  'TcpExt.TCPReqQFullDoCookies',
  'Udp.InDatagrams',
  'Udp.InErrors',
  'Udp.RcvbufErrors',
  'Udp.NoPorts',
] as const;

export type KernelCounter = (typeof KERNEL_COUNTERS)[number];
