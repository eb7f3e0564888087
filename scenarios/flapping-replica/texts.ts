import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'flapping-replica',
  title: 'One of several replicas comes and goes',
  summary:
    'A replica ends and comes back again and again, for want of memory or in a crash, and still gets its share of the requests: those that meet it away are refused, all others are served.',
  severity: 'warning',
  origin: 'Real-World Network Failure Scenarios, "Intermittent Connection Failures Between Services"',
  alerts: [
    [
      'FlappingReplica',
      'one server refuses and takes connections by turns, twice in 2 min, and others serve',
      '0s',
    ],
    ['RestartsOfOne', 'restarts of one replica >= 3 in 10 m', '1m'],
  ],
  symptoms: [
    'a few percent of the requests fail at once: connection refused, or a 502 or 503 of the balancer',
    'all others are as quick as ever, and each replica that is asked by hand is well at most times',
    'it happens to every client, and comes in bursts of some seconds',
    'the number of restarts of one replica rises',
  ],
  investigation: [
    [
      'Ask each replica many times, by its own address',
      "for i in $(seq 60); do curl -s -o /dev/null -w '%{http_code}\\n' -m 2 http://<server>/; sleep 1; done | sort | uniq -c",
      'one of them answers 000 now and then, the others never',
    ],
    [
      'Compare their restarts',
      "docker ps -aq | xargs docker inspect -f '{{.Name}} restarts {{.RestartCount}} since {{.State.StartedAt}} oom {{.State.OOMKilled}}'",
      'one that began seconds ago, with a high count',
    ],
    [
      'Read what it said last',
      'docker logs --tail 30 <server>',
      'out of memory, an exception, or nothing at all where the kernel killed it',
    ],
    [
      'See whether the balancer looks after them',
      'docker exec <client> nginx -T 2>/dev/null | grep -E "max_fails|proxy_next_upstream|health"',
      'a server that fails is left out for a while, and the request goes to another one',
    ],
  ],
  rootCause: [
    'the replica ends by itself: its memory limit, a crash, a watchdog that is too strict',
    'whoever shares the requests out learns of it too late, or not at all',
  ],
  fix: [
    'take that replica out of the balancer until it stays up',
    'mend what ends it: its limit, its leak, its crash',
  ],
  prevention: [
    'a readiness check that a replica has to pass before it gets requests',
    'a balancer that tries another replica when one refuses: nothing has been sent yet',
    'an alert on restarts of one replica, and on its memory at 80 % of the limit',
  ],
  confusedWith: {
    'service-stopped': 'a stopped service refuses everybody, always',
    'memory-limit': 'the cause where the kernel kills it: an oom event before each end',
    'container-kill': 'the cause where its container ends again and again',
    'listen-overflow': 'a full queue drops connections, it does not refuse them',
    'keepalive-race': 'there new connections never fail',
  },
  recovery: ['no attempt to connect to any replica fails', 'the restarts stand still for ten minutes'],
});
