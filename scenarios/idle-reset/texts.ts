import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'idle-reset',
  title: 'Idle connections are reset on the way',
  summary:
    'A NAT, firewall or balancer forgets a connection that says nothing for its idle limit, and answers what comes on it later with a reset. Both ends were well, and neither wanted it to end.',
  severity: 'warning',
  origin: 'Real-World Network Failure Scenarios, "Connection Resets After 60 Seconds"',
  alerts: [
    [
      'IdleConnectionsReset',
      '3 kept connections in 10 min are reset as they are used again, new ones work, and the server sent no reset',
      '0s',
    ],
  ],
  symptoms: [
    'streams and kept connections fail with "connection reset by peer" after the same silence each time',
    'a new connection works, and fails again after the next silence',
    'only where something stands between: from the same network it never happens',
    'the server still holds the connection open, and logs nothing',
  ],
  investigation: [
    [
      'Measure after how much silence it is reset',
      'time nc <server> <port>   # type a request, wait, type it again; wait twice as long each time',
      'an answer after each silence up to some length, an end at once above it',
    ],
    [
      'See who sends the reset',
      "tcpdump -ni any 'tcp[tcpflags] & tcp-rst != 0 and host <server>'",
      'it comes at once, with another TTL than what the server sends',
    ],
    [
      'Look at what is idle, and whether it says anything meanwhile',
      'ss -tno state established dst <server>',
      'no timer, or a keep-alive timer of many minutes',
    ],
    [
      'Find who tracks connections on the way, and for how long',
      'tracepath -n <server>; sysctl net.netfilter.nf_conntrack_tcp_timeout_established',
      'a NAT, firewall or balancer; its limit is below the silence (350 s, 60 s)',
    ],
    [
      'Ask the server for the same connection',
      'ss -tn src <server> dst <client>',
      'still established: the server has not closed it',
    ],
  ],
  rootCause: [
    'a middle that tracks connections forgets one that is idle for its limit (60 s for many balancers, 350 s for many NATs)',
    'what belongs to no connection that it knows is answered with a reset in the name of the other end',
    'neither end says anything for that long: no data, no keep-alive',
  ],
  fix: ['keep-alive in the client that is sooner than the limit of the middle'],
  prevention: [
    'keep-alive of the protocol or of TCP on every long connection, at half of the least limit on the way',
    'a limit on how long a connection of a pool stays idle, below the limit of every middle',
    'one more try on a new connection, for requests that may be sent twice',
  ],
  confusedWith: {
    'keepalive-race':
      'there the server closes: it sends the FIN or the reset itself, and most connections end in order',
    'silent-eviction': 'there nothing comes back: the request hangs instead of failing at once',
    'container-kill': 'a crash ends connections of any age at once, and new ones fail for a while',
    'service-stopped': 'new connections are refused as well',
  },
  recovery: [
    'no kept connection is reset as it is used again',
    'a request after a silence of one and a half times the limit is answered',
  ],
});
