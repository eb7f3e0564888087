import type {
  InsideDnsSample,
  InsideMeans,
  InsideSample,
  InsideSockets,
  MatrixCell,
  MatrixSample,
} from '../../source/probes/samples.js';
import {
  type Edge,
  type Edges,
  KERNEL_COUNTERS,
  type KernelCounter,
  NO_EDGES,
  type TcpState,
  UNKNOWN_EDGE,
} from '../../source/probes/samples.js';
import { dns } from './samples.js';

/** What the inside probes of a container return, as the real ones do. */

export const ENTERED: InsideMeans = { by: 'setns', reason: null, mend: null };

export function insideSockets(
  total: Partial<Record<TcpState, number>>,
  more: Partial<InsideSockets> = {},
): InsideSockets {
  return {
    v4: total,
    v6: {},
    total,
    topPeers: { 'CLOSE-WAIT': [], 'SYN-SENT': [], 'SYN-RECV': [] },
    listeners: [],
    edges: NO_EDGES,
    means: 'netlink sock_diag',
    ...more,
  };
}

export function inside(name: string, more: Partial<InsideSample> = {}): InsideSample {
  return {
    name,
    pid: 4711,
    means: ENTERED,
    network: 'net:[4026532001]',
    sharedWith: [],
    sockets: insideSockets({ ESTAB: 2, LISTEN: 1 }),
    kernel: insideKernel({}),
    conntrack: {
      count: 0,
      max: 262_144,
      fill: 0,
      drop: 0,
      earlyDrop: 0,
      insertFailed: 0,
      timeouts: { tcp_timeout_established: 432_000, tcp_timeout_time_wait: 120 },
    },
    interfaces: [{ name: 'eth0', mtu: 1500, up: true, running: true, loopback: false }],
    routes: [
      {
        family: 4,
        destination: '0.0.0.0/0',
        gateway: '172.20.0.1',
        interface: 'eth0',
        metric: 0,
        advertisedMss: null,
        reject: false,
      },
    ],
    routeMtus: [],
    resolver: {
      nameservers: ['127.0.0.11'],
      search: ['corp.example'],
      ndots: 0,
      timeoutSeconds: 5,
      attempts: 2,
      options: ['ndots:0'],
    },
    libc: 'glibc',
    missing: [],
    ...more,
  };
}

export function insideKernel(counters: Partial<Record<KernelCounter, number>>): InsideSample['kernel'] {
  const all = Object.fromEntries(KERNEL_COUNTERS.map((name) => [name, counters[name] ?? null]));
  return { counters: all as Record<KernelCounter, number | null>, means: '/proc/4711/net/snmp' };
}

export function lookups(name: string, more: Partial<InsideDnsSample> = {}): InsideDnsSample {
  return {
    ...dns({ resolver: '127.0.0.11:53' }),
    source: { name, pid: 4711 },
    means: ENTERED,
    libc: 'glibc',
    fromHosts: [],
    missing: [],
    ...more,
  };
}

export function cell(source: string, target: string, more: Partial<MatrixCell> = {}): MatrixCell {
  return { source, target, outcome: 'connected', errno: null, ms: 0.3, meaning: 'it connects', ...more };
}

/** Every source and target that the cells name. */
export function matrix(cells: readonly MatrixCell[], address = '172.20.0.5'): MatrixSample {
  const names = (pick: (each: MatrixCell) => string): string[] => [...new Set(cells.map(pick))];
  return {
    sources: names(({ source }) => source).map((name) => ({ name, pid: 4711, means: ENTERED })),
    targets: names(({ target }) => target).map((name) => ({ name, address, port: 5432 })),
    cells,
    missing: [],
  };
}

/** An edge to `address:port`; one established socket unless it says more. */
export function edge(peer: string, more: Partial<Edge> = {}): Edge {
  const colon = peer.lastIndexOf(':');
  const address = peer.slice(0, colon).replace(/^\[|\]$/g, '');
  const port = Number(peer.slice(colon + 1));
  return { ...UNKNOWN_EDGE, peer: address, port, states: { ESTAB: 1 }, ...more };
}

/** What a look shows of edges, 5 s after the one before. */
export const edges = (...list: readonly Edge[]): Edges => ({ ...NO_EDGES, sinceMs: 5_000, list });
