import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'connection-storm',
  title: 'A storm of new connections',
  summary:
    'So many clients open connections at once that the queue of half-open ones is full. The kernel answers with SYN cookies or drops what comes, and it looks like an attack: mostly it is the own fleet, which tries again without a pause.',
  severity: 'critical',
  origin: 'Real-World Network Failure Scenarios, "SYN Flood From Your Own Infrastructure"',
  alerts: [
    [
      'SynQueueFull',
      'TcpExtTCPReqQFullDoCookies or SYN cookies > 1/s, or TcpExtListenDrops less ListenOverflows > 1/s; drops > 5/s are critical',
      '2s',
    ],
  ],
  symptoms: [
    'hundreds of connections in SYN-RECV at one port, as many as its backlog has room for',
    'SYN cookies are sent; without them new connections time out while open ones go on',
    'the kernel log says "Possible SYN flooding on port … Sending cookies", once for a listener',
    'it begins when something restarts: all its clients lose their connections at once, and come back at once',
  ],
  investigation: [
    [
      'Count what is half-open, by port',
      "ss -Htan state syn-recv | awk '{print $3}' | sort | uniq -c | sort -rn | head",
      'one port with about as many as the backlog of its listener (Send-Q of ss -ltn)',
    ],
    [
      'Find from where they come',
      "ss -Htan state syn-recv | awk '{print $4}' | sed 's/:[0-9]*$//' | sort | uniq -c | sort -rn | head",
      'a few addresses of your own: a fleet that tries again; thousands with one each: forged ones',
    ],
    [
      'See what the kernel does about it',
      'nstat -asz TcpExtSyncookiesSent TcpExtTCPReqQFullDoCookies TcpExtTCPReqQFullDrop TcpExtListenDrops TcpExtListenOverflows; sleep 5; nstat -asz TcpExtSyncookiesSent TcpExtTCPReqQFullDoCookies TcpExtTCPReqQFullDrop TcpExtListenDrops TcpExtListenOverflows',
      'cookies or ReqQFull grow, ListenOverflows does not: the accept queue is not the one that is full',
    ],
    [
      'Ask the clients how they try again',
      'docker ps -q | xargs -I{} sh -c "docker logs --tail 200 {} 2>&1 | grep -iE \'retry|reconnect\' | tail -3"',
      'tries without a pause, or with the same pause in all of them',
    ],
  ],
  rootCause: [
    'clients that try again at once, or all after the same time: each failure makes the next burst',
    'a connect timeout below the round trip, so that each attempt is given up and begun anew before it can succeed',
    'or clients whose answers do not arrive: the way back is cut, and each SYN stays half-open for a minute',
  ],
  fix: ['stop or slow the clients that come back at once, and let them in by and by'],
  prevention: [
    'growing pauses with jitter between tries: min(base · 2^n, limit) · random',
    'pools with a limit, and a circuit breaker that lets one try through, not all',
    'tcp_syncookies=1, and a backlog (somaxconn, tcp_max_syn_backlog) for the whole fleet at once',
    'a pooler before a database (PgBouncer): its clients may come back as they like',
  ],
  confusedWith: {
    'listen-overflow':
      'there Recv-Q of the listener is full and ListenOverflows grows: the server does not accept',
    'packet-loss': 'loss hits open connections as well; here only new ones, and drops of the listener grow',
    'conntrack-full': 'a full table drops before the listener sees anything: nothing is half-open',
    partition: 'a cut pair has a few half-open connections, never a queue full of them',
  },
  recovery: [
    'no SYN cookie is sent, and ListenDrops stands still',
    'a handful of connections are half-open at any time',
  ],
});
