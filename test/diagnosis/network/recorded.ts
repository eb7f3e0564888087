/** Recordings of the Docker lab, and the cause that was named live. */
export const RECORDED: readonly (readonly [recording: string, cause: string])[] = [
  ['latency', 'latency'],
  ['packet-loss', 'packet-loss'],
  ['partition-both-ways', 'partition'],
  ['partition-one-way', 'partition'],
  ['partition-disconnected', 'partition'],
  ['dns-nxdomain', 'dns-failure'],
  ['dns-servfail', 'dns-failure'],
  ['dns-silence', 'dns-failure'],
  ['docker-spike', 'resolver-saturation'],
];
