/** Every figure this failure mode is judged by. */
export const THRESHOLDS = {
  /** Runs in a row of one asker where nobody else can be asked; beside somebody who is answered one is enough. */
  runs: { value: 2, source: 'our choice: one lost datagram is no outage' },
  rcode: 'RFC 1035 4.1.1: RCODE 2 server failure, 3 name error, 5 refused',
  silence: 'resolv.conf(5): 5 s for each try, two tries; the probe waits 2 s',
  alike: 'a missing record hits one name; what hits every name alike is the way to the server',
  control: 'the same name, asked by somebody else since it began to fail',
  address: 'Network Failure Scenarios document: DNS apart from the network; connect by address',
  logs: 'getaddrinfo(3): EAI_NONAME is NXDOMAIN; EAI_AGAIN is a server failure or no answer',
} as const;
