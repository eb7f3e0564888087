import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'packet-loss',
  title: 'Packet loss',
  summary:
    'A share of the packets of one service never arrives: the kernels send them again, and requests take 0.2 s, 1 s or 3 s longer, now and then.',
  severity: 'critical',
  origin: 'Network Failure Scenarios (runbook), 3. Packet Loss',
  alerts: [
    ['TCPRetransmissions', 'segments sent again > 1 % of those sent, > 5 % critical', '30s'],
    ['HighNetworkLatency', 'probe_duration_seconds > 1', '2m'],
    ['ServiceUnreachable', 'probe_success == 0', '30s'],
  ],
  symptoms: [
    'most requests are as quick as ever, some take a second longer, a few time out: no two runs are alike',
    'a connection takes 0.3 ms, or 1.0 s, or 3 s, and nothing between: what a lost SYN costs',
    'segments are sent again: about as large a share as is lost',
    'every client of the service is hit, and what does not touch it is not',
    'nothing is refused, no listener overflows, no process is short of CPU',
  ],
  investigation: [
    [
      'Measure the success rate and the times of twenty requests',
      "for i in $(seq 20); do curl -s -o /dev/null -m 5 -w '%{http_code} %{time_total}\\n' <url>; done",
      'a mixture: some in milliseconds, some a second later, perhaps some 000',
    ],
    [
      'Count what is sent again, inside each network',
      "nsenter -t $(docker inspect -f '{{.State.Pid}}' <client>) -n sh -c 'nstat -asz TcpExtTCPOrigDataSent TcpRetransSegs TcpExtTCPSynRetrans; sleep 30; nstat -asz TcpExtTCPOrigDataSent TcpRetransSegs TcpExtTCPSynRetrans'",
      'TcpRetransSegs grows by more than 1 % of what TCPOrigDataSent grows by: about the share that is lost',
    ],
    [
      'Exclude a full listener',
      "nsenter -t $(docker inspect -f '{{.State.Pid}}' <server>) -n sh -c 'nstat -asz TcpExtListenOverflows TcpExtListenDrops; sleep 5; nstat -asz TcpExtListenOverflows TcpExtListenDrops'",
      'both stand still: a full listener drops SYNs as well',
    ],
    [
      'Find where packets vanish',
      "nsenter -t $(docker inspect -f '{{.State.Pid}}' <server>) -n sh -c 'nft list ruleset; iptables -L -v -n; ip -s link'",
      'a rule that drops at random with a counter that grows, or drops of an interface',
    ],
  ],
  rootCause: [
    'a link, a queue or a rule drops a share of the packets of one service',
    'a lost SYN waits 1 s for its second try, a lost segment 0.2 s and more: with a connection for each request most of it is SYNs',
  ],
  fix: ['take away what loses: the rule, the sick link, the overfull queue'],
  prevention: [
    'retries for what may be sent twice, with growing pauses and jitter',
    'connection pools: an open connection recovers in 0.2 s, a new one in 1 s',
    'deadlines that leave room for one second try',
    'errors told apart: a timeout is passing trouble, a refusal is not',
    'watch retransmissions in each container, not only on the host',
  ],
  confusedWith: {
    latency: 'a delay is the same for every packet, and nothing is sent again',
    partition: 'some connections come about; of a partition none',
    'service-hung': 'it answers, most of the time quickly',
    'cpu-limit': 'connecting itself takes a second now and then; no period is throttled',
    'database-down': 'it answers whoever reaches it',
  },
  recovery: [
    'no segment is sent again',
    'every cell of the connectivity matrix connects in milliseconds',
    'every target answers 200 (success rate), ten of ten timed requests within a second',
  ],
});
