/** Every figure this failure mode is judged by. */
export const THRESHOLDS = {
  /** Attempts in a row that must fail where one way alone is cut; several that share an end count at once. */
  attempts: {
    value: 2,
    source: 'our choice: one lost attempt in sixteen is what a quarter of lost packets makes',
  },
  /** A connection that took this long (ms) to the same target meanwhile is loss, not a partition. */
  lossy: { fromMs: 900, source: 'RFC 6298: a lost SYN is sent again after 1 s' },
  /** A full listener drops a SYN as well: connections it dropped within this time (ms). */
  full: { windowMs: 20_000, source: 'TcpExt.ListenOverflows of the target' },
  unanswered: 'connect(2): no answer to a SYN; a closed port or a rule that rejects would say so at once',
  synSent: 'tcp(7): SYN-SENT waits for the answer to its SYN',
  synRecv:
    'tcp(7): SYN-RECV has heard a SYN and waits for the answer to its own; measured: so is a way back that drops',
  control: 'Network Failure Scenarios document: the connectivity matrix, each service from each other',
  network: 'docker network disconnect, and no die event beside it: measured',
  /** A container that ends is taken off its networks, too: an end within this time (ms) explains it. */
  endMs: 5000,
} as const;
