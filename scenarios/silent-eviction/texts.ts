import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'silent-eviction',
  title: 'Idle connections are forgotten on the way',
  summary:
    'A NAT, firewall or balancer drops an idle connection from its table and tells nobody. Its client sends the next request into nothing until it gives up, while new connections work at once.',
  severity: 'warning',
  origin:
    'The Network Failure Pattern Behind Random Backend Outages, the socket that exists only for the client',
  alerts: [
    [
      'DeadIdleConnection',
      'a connection that was idle is not acknowledged after three tries, while others to the same server are',
      '0s',
    ],
  ],
  symptoms: [
    'the first request after a quiet time hangs for seconds or minutes, and then times out; the next one is well',
    'mostly in the morning, after a deploy, or in a pool that is larger than it needs to be',
    'the server sees nothing of it: not the request, and no end of the connection',
    'whoever tries by hand finds that all is well: a new connection works',
  ],
  investigation: [
    [
      'Look for what is sent again on an old connection',
      "ss -tino state established dst <server> | grep -B1 -E 'backoff:[3-9]'",
      'timer:(on,...), backoff grows, lastrcv is minutes, Send-Q is above 0',
    ],
    [
      'Try a new connection to the same server',
      'curl -s -o /dev/null -m 5 -w "%{time_total}" http://<server>/',
      'milliseconds',
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
      'it is still there, or was closed long ago: the server never got the request',
    ],
  ],
  rootCause: [
    'a middle that tracks connections keeps an idle one for some minutes only, and then takes it out of its table',
    'what comes on it later belongs to nothing that is known there, and is dropped',
    'the client keeps it for longer, and sends nothing meanwhile: keep-alive of two hours protects nothing',
  ],
  fix: [
    'keep-alive in the client that is sooner than the limit of the middle: no connection is idle for that long',
  ],
  prevention: [
    'a limit on how long a connection of a pool stays idle and how old it gets, below the limit of every middle',
    'a check before a kept connection is used again (validation query, ping)',
    'TCP_USER_TIMEOUT or a deadline: a dead connection is given up within seconds',
  ],
  confusedWith: {
    'idle-reset': 'there the middle says so with a reset: the request fails at once',
    partition: 'new connections fail as well',
    'mtu-black-hole':
      'there it is the large ones that are not acknowledged, on connections that were never idle',
    'service-hung': 'its kernel acknowledges the request, and nobody answers',
    'packet-loss': 'loss hits connections that are busy',
  },
  recovery: [
    'no connection is tried again three times in a row',
    'the first request after a silence of one and a half times the limit is answered at once',
  ],
});
