import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'conntrack-full',
  title: 'The conntrack table is full',
  summary:
    'The kernel tracks every flow that a firewall rule or NAT sees. When the table has no room left, the first packet of each new flow is dropped, while what is open goes on.',
  severity: 'critical',
  origin: 'Connection Troubleshooting playbook, "Connection Tracking Table Full"',
  alerts: [
    ['ConntrackTableNearlyFull', 'entries / limit > 0.75, > 0.9 warns, > 0.95 is critical', '10s'],
    ['ConntrackDrops', 'drop less insert_failed grows', '0s'],
  ],
  symptoms: [
    'new connections time out, open ones work: SYNs vanish without a word',
    'sending UDP fails at once with EPERM, so lookups fail in milliseconds',
    'nothing is refused, no listener overflows, every process is well',
    'the kernel log says "nf_conntrack: table full, dropping packet"',
  ],
  investigation: [
    [
      'Compare what is tracked with the limit',
      'sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max',
      'the count at the limit; a limit of 0 means none',
    ],
    [
      'The same within a container: its network has a table of its own under the same limit',
      "nsenter -t $(docker inspect -f '{{.State.Pid}}' <client>) -n conntrack -C",
      'one that is at the limit while the host is far from it',
    ],
    [
      'See whether flows are dropped',
      "conntrack -S; sleep 5; conntrack -S; dmesg | grep 'table full'",
      'drop and early_drop grow, more than insert_failed does',
    ],
    [
      'Find what fills it, by state and by client',
      "conntrack -L -p tcp 2>/dev/null | awk '{print $4}' | sort | uniq -c | sort -rn | head",
      'mostly TIME_WAIT: short connections; mostly ESTABLISHED: flows that nobody closed',
    ],
    [
      'Clear the network itself',
      'ss -tn state established | head; nstat -asz TcpExtListenOverflows; sleep 5; nstat -asz TcpExtListenOverflows',
      'there are open connections, and the count of overflows stands still',
    ],
  ],
  rootCause: [
    'more flows in the tracking time than the table holds: many short connections, or a limit made for a smaller host',
    'each closed connection stays for nf_conntrack_tcp_timeout_time_wait (120 s), each open one for five days',
  ],
  fix: ['raise net.netfilter.nf_conntrack_max: it takes effect at once'],
  prevention: [
    'shorter timeouts for finished flows, and clients that reuse connections',
    'no tracking (notrack) for traffic that needs neither NAT nor a stateful rule',
    'an alert at 75 % of the table, not at its end',
  ],
  confusedWith: {
    'packet-loss': 'loss hits open connections as well; a full table only new ones',
    partition: 'a partition cuts some pairs; a full table hits every new flow of the host',
    'resolver-dead': 'lookups fail at once with EPERM, not after a timeout',
    'listen-overflow': 'no listener overflows: the packet never gets that far',
  },
  recovery: [
    'less than 80 % of the table is used, and drops stand still',
    'new connections come about in milliseconds',
    'lookups are answered again',
  ],
});
