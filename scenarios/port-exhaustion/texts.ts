import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'port-exhaustion',
  title: 'A client has used up its local ports',
  summary:
    'Each connection needs a local port that no other to the same server has. A client that opens one for every request, or keeps too many, has none left: connecting fails at once.',
  severity: 'critical',
  origin: 'Real-World Backend Outages, "Trade-offs" (short-lived connections and ephemeral ports)',
  alerts: [
    [
      'LocalPortsUsedUp',
      'ports in use towards one server / ip_local_port_range > 0.9, > 0.97 is critical',
      '2s',
    ],
  ],
  symptoms: [
    'connect() fails at once with EADDRNOTAVAIL, "cannot assign requested address"',
    'only towards one server: the same client reaches every other, and other clients reach this one',
    'the server is well, no packet is sent, no counter of the kernel grows',
    'it comes under load and goes a minute after: what was closed lies in TIME-WAIT for 60 s',
  ],
  investigation: [
    [
      'Count the connections to each server',
      'ss -Htan | awk \'$1 != "LISTEN" {print $5}\' | sort | uniq -c | sort -rn | head',
      'one server with about as many as there are ports',
    ],
    [
      'Compare with the ports there are',
      'sysctl net.ipv4.ip_local_port_range net.ipv4.ip_local_reserved_ports net.ipv4.tcp_tw_reuse',
      'the last less the first: 28,232 by default; reuse of 2 is for loopback only',
    ],
    [
      'The same inside a container',
      "nsenter -t $(docker inspect -f '{{.State.Pid}}' <client>) -n sh -c 'ss -tan | wc -l; sysctl net.ipv4.ip_local_port_range'",
      'each network has its own ports and its own range',
    ],
    [
      'See what they are',
      "ss -Htan 'dst <server>' | awk '{print $1}' | sort | uniq -c",
      'TIME-WAIT: a connection for each request; ESTAB: connections that nobody gives back',
    ],
    [
      'Try it as the client does',
      'curl -sv --connect-timeout 2 http://<server>:<port>/ 2>&1 | grep -i assign',
      '"Cannot assign requested address", at once',
    ],
  ],
  rootCause: [
    'a connection is told by both addresses and both ports: towards one server only the local port is free to choose',
    'one for each request, closed by the client: each takes its port for a minute more, so 28,232 ports are 470 a second',
    'or a pool without a limit, whose connections are never given back',
  ],
  fix: ['end the client that holds them, or widen ip_local_port_range: both take effect at once'],
  prevention: [
    'connections that are kept and used again: keep-alive, a pool with a limit',
    'more addresses: several of the server or of the client multiply the ports',
    'ip_local_port_range of 1024 65535, and tcp_tw_reuse=1 for what leads out',
    'an alert on the ports in use towards each server: no counter tells of it',
  ],
  confusedWith: {
    'conntrack-full':
      'a full table drops packets in silence, towards everybody; here connect() fails at once',
    partition: 'a partition is silence or "unreachable"; nothing is sent here',
    'listen-overflow': 'the queue of the server is short; new connections of others are accepted',
    'close-wait-leak': 'sockets in CLOSE-WAIT are left open by the application and run out of descriptors',
  },
  recovery: [
    'less than 80 % of the local ports are in use towards each server',
    'new connections come about in milliseconds',
  ],
});
