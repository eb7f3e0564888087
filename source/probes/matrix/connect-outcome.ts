/**
 * How an attempt to connect ended. `unmeasured`: we could not try, which says nothing of the way.
 */
export type ConnectOutcome =
  | 'connected'
  | 'refused'
  | 'timeout'
  | 'unreachable'
  | 'no-route'
  | 'permission'
  | 'reset'
  | 'no-port'
  | 'unmeasured';

export interface ConnectVerdict {
  readonly outcome: ConnectOutcome;
  /** For a person: what such an end is known to be caused by. */
  readonly meaning: string;
}

const seconds = (ms: number): string => `${ms / 1000} s`;

/** By errno of connect(); each row was caused for real on Linux 6.18. */
const BY_ERRNO = new Map<string, ConnectVerdict>(
  Object.entries({
    ECONNREFUSED: {
      outcome: 'refused',
      meaning: 'the address answers and nobody listens on that port, or a rule rejects it',
    },
    EHOSTUNREACH: {
      outcome: 'unreachable',
      meaning:
        'nobody has that address on the network, or a router or rule says that the host is not reachable',
    },
    ENETUNREACH: { outcome: 'no-route', meaning: 'no route leads there, or the interface is down' },
    EINVAL: { outcome: 'no-route', meaning: 'a blackhole route swallows it' },
    EACCES: { outcome: 'permission', meaning: 'a prohibit route or a security module forbids it' },
    EPERM: { outcome: 'permission', meaning: 'a rule or a security module at the source forbids it' },
    EADDRNOTAVAIL: {
      outcome: 'no-port',
      meaning: 'the source has no free port left for that address, or no address of that family',
    },
    ECONNRESET: { outcome: 'reset', meaning: 'the connection was cut while it was being made' },
    ECONNABORTED: { outcome: 'reset', meaning: 'the connection was ended on the source by hand (ss -K)' },
  } satisfies Record<string, ConnectVerdict>),
);

/** What an errno of connect() says; `null` is a connection, `ETIMEDOUT` is patience that ended or the kernel's. */
export function classifyConnect(errno: string | null, patienceMs: number): ConnectVerdict {
  if (errno === null) return { outcome: 'connected', meaning: 'it connects' };
  if (errno === 'ETIMEDOUT')
    return {
      outcome: 'timeout',
      meaning:
        `no answer within ${seconds(patienceMs)}: packets are dropped on the way there or back, the table of ` +
        'connections is full, or the address is gone (which its neighbours notice after 3 s)',
    };
  return BY_ERRNO.get(errno) ?? { outcome: 'unmeasured', meaning: `it could not be tried (${errno})` };
}
