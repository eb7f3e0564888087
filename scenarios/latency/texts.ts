import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'latency',
  title: 'Network latency',
  summary:
    'Every packet to or from one service takes longer; nothing is lost, and whoever needs several round trips waits several times as long.',
  severity: 'critical',
  origin: 'Network Failure Scenarios (runbook), 1. Network Latency Injection',
  alerts: [
    ['HighNetworkLatency', 'probe_duration_seconds > 1', '2m'],
    ['ConnectTimeHigh', 'TCP connect > 10 ms and > 5 × its best on one network', '1m'],
  ],
  symptoms: [
    'answers come, all of them late by about the same time, several times what one packet is delayed',
    'connecting alone takes the added time, before the application has said a word',
    'every client of the service is slow, and what does not touch it is as quick as before',
    'no segment is sent again, no error, no connection takes 1 s or 3 s',
    'with deadlines shorter than the delay: timeouts, retries, open circuit breakers',
  ],
  investigation: [
    [
      'Time the phases of a request',
      "curl -o /dev/null -s -w 'connect %{time_connect} first byte %{time_starttransfer} total %{time_total}\\n' <url>",
      'total far above its baseline; repeat it every 5 s: the same each time',
    ],
    [
      'Time a bare connection from inside each client, by address',
      "time nsenter -t $(docker inspect -f '{{.State.Pid}}' <client>) -n bash -c '</dev/tcp/<address>/<port>'",
      'the added delay to one service, less than a millisecond to the others',
    ],
    [
      'See that nothing is lost',
      "nsenter -t $(docker inspect -f '{{.State.Pid}}' <client>) -n sh -c 'nstat -asz TcpRetransSegs TcpExtTCPSynRetrans; sleep 5; nstat -asz TcpRetransSegs TcpExtTCPSynRetrans'",
      'both stand still: delay, not loss',
    ],
    [
      'See that its CPU is not held back',
      'docker exec <server> cat /sys/fs/cgroup/cpu/cpu.stat || docker exec <server> cat /sys/fs/cgroup/cpu.stat',
      "nr_throttled stands still; a handshake is the kernel's anyway",
    ],
    [
      'Look for what delays, where the packets pass',
      "nsenter -t $(docker inspect -f '{{.State.Pid}}' <server>) -n tc -s qdisc show",
      'netem, tbf or another queue that is not noqueue; or a rule with a queue (iptables -t mangle -S)',
    ],
  ],
  rootCause: [
    'a queue, a shaper, a tunnel or a long route delays the packets of one service',
    'a connection for each request takes a handshake, the authentication and the query: five or more round trips',
  ],
  fix: ['take away what delays: the queueing discipline, the rule, the longer route'],
  prevention: [
    'deadlines in the clients, derived from what their own callers wait, and retries with growing pauses',
    'circuit breakers that open on slowness, not only on errors',
    'connection pools and batched queries: fewer round trips for one request',
    'what is not critical degrades first (cached or partial answers)',
    'watch the connect time from inside, beside the response time',
  ],
  confusedWith: {
    'packet-loss': 'loss sends segments again and takes 0.2 s, 1 s or 3 s now and then; a delay is even',
    'cpu-limit': 'the handshake is quick there and only the first byte is late; periods are throttled',
    'database-down': 'it answers, and an answer takes just as long as one round trip',
    'resolver-saturation': 'lookups are answered in milliseconds',
    'service-hung': 'it answers, late',
  },
  recovery: [
    'every cell of the connectivity matrix connects, as quickly as before',
    'every target answers 200 (success rate)',
    'ten of ten timed requests in a row answer within a second',
  ],
});
