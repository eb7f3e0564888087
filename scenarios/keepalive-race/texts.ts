import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'keepalive-race',
  title: 'Kept connections are closed as they are used again',
  summary:
    'A proxy or client keeps idle connections for longer than its server does. What it sends at the moment at which the server closes one is lost: a 502 now and then, while the server is well.',
  severity: 'warning',
  origin: 'Real-World Network Failure Scenarios, "The Mystery 502s"',
  alerts: [
    [
      'KeepaliveRace',
      '3 kept connections in 60 s end as they are used again, no new one fails, and requests fail or are logged',
      '0s',
    ],
    ['KeepaliveOrder', 'idle limit of the server <= idle limit of its client', '1m'],
  ],
  symptoms: [
    'a small share of requests gets a 502, or "connection reset by peer", "socket hang up", "upstream prematurely closed connection"',
    'a new connection to the server never fails: whoever asks it directly finds it well',
    'most of all at quiet times, and for what nobody sends twice (POST)',
    'the log of the server has none of these requests',
  ],
  investigation: [
    [
      'Read what the proxy logs of them',
      'docker logs --since 10m <client> 2>&1 | grep -iE "prematurely closed|reset by peer|hang up|ECONNRESET" | tail',
      'resets while it reads the answer, none while it connects',
    ],
    [
      'Ask the server on new connections',
      "for i in $(seq 50); do curl -s -o /dev/null -w '%{http_code}\\n' -m 5 http://<server>/; done | sort | uniq -c",
      '50 good answers: it is not sick',
    ],
    [
      'Measure when the server closes an idle connection',
      "time (printf 'GET / HTTP/1.1\\r\\nHost: x\\r\\n\\r\\n'; sleep 120) | nc -q -1 <server> <port> >/dev/null",
      'the time until it ends: 5 s for Node, 2 s for gunicorn, 20 s for Tomcat',
    ],
    [
      'Compare with how long the client keeps them',
      'docker exec <client> nginx -T 2>/dev/null | grep -iE "keepalive"',
      'keepalive_timeout of the upstream above that time (60 s where nothing is said)',
    ],
    [
      'Count connections that die with data unread or too late',
      "docker exec <server> cat /proc/net/netstat | grep TcpExt | awk 'NR==1{split($0,h)} NR==2{for(i in h) if(h[i]~/AbortOn(Data|Close)/) print h[i],$i}'",
      'TCPAbortOnData or TCPAbortOnClose grows with the failures',
    ],
  ],
  rootCause: [
    'both sides may close an idle connection, and the one that closes does not know what is on its way to it',
    "the server's limit is the shorter one: its FIN and the next request pass each other",
    'limits that are equal are no better: what decides is the way between them, and how late each timer is',
  ],
  fix: ['keep idle connections in the client for a shorter time than the server does'],
  prevention: [
    'an order of limits along the way: each server keeps connections for longer than whoever stands in front of it',
    'one more try on a new connection, for requests that may be sent twice',
    'a limit on the age of a connection in the pool, and a check before one is used again',
  ],
  confusedWith: {
    'http-errors': 'a replica that fails answers with an error on new connections as well',
    'service-stopped': 'new connections are refused; here none is',
    'container-kill': 'a crash ends all connections at once, and new ones fail for a while',
    'service-hung': 'a server that hangs does not answer; this one closes at once',
  },
  recovery: [
    'no kept connection ends as it is used again',
    'no request fails at gaps around the limit of the server, from a second below to a second above',
  ],
});
