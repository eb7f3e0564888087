import type { FailureTexts } from '../failure-mode-texts.js';

export const texts: FailureTexts = {
  id: 'conntrack-full',
  title: 'The conntrack table is full',
  summary:
    'The kernel tracks every flow that a firewall rule or NAT sees. When the table has no room left, the first packet of each new flow is dropped, while what is open goes on.',
  severity: 'critical',
  origin: 'Connection Troubleshooting playbook, "Connection Tracking Table Full"',
  alerts: [
    {
      name: 'ConntrackTableNearlyFull',
      condition: 'entries / limit > 0.75, > 0.9 warns, > 0.95 is critical',
      for: '10s',
    },
    { name: 'ConntrackDrops', condition: 'drop less insert_failed grows', for: '0s' },
  ],
  symptoms: [
    'new connections time out, open ones work: SYNs vanish without a word',
    'sending UDP fails at once with EPERM, so lookups fail in milliseconds',
    'nothing is refused, no listener overflows, every process is well',
    'the kernel log says "nf_conntrack: table full, dropping packet"',
  ],
  investigation: [
    {
      step: 'Compare what is tracked with the limit',
      command: 'sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max',
      expect: 'the count at the limit; a limit of 0 means none',
    },
    {
      step: 'See whether flows are dropped',
      command: "conntrack -S; dmesg | grep 'table full'",
      expect: 'drop and early_drop grow, more than insert_failed does',
    },
    {
      step: 'Find what fills it, by state and by client',
      command: "conntrack -L -p tcp 2>/dev/null | awk '{print $4}' | sort | uniq -c | sort -rn | head",
      expect: 'mostly TIME_WAIT: short connections; mostly ESTABLISHED: flows that nobody closed',
    },
    {
      step: 'Clear the network itself',
      command: 'ss -tn state established | head; nstat -z TcpExtListenOverflows',
      expect: 'open connections move data, no listen queue overflows',
    },
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
  confusedWith: [
    { id: 'packet-loss', tellApart: 'loss hits open connections as well; a full table only new ones' },
    {
      id: 'partition',
      tellApart: 'a partition cuts some pairs; a full table hits every new flow of the host',
    },
    { id: 'resolver-dead', tellApart: 'lookups fail at once with EPERM, not after a timeout' },
    { id: 'listen-overflow', tellApart: 'no listener overflows: the packet never gets that far' },
  ],
  recovery: [
    'less than 80 % of the table is used, and drops stand still',
    'new connections come about in milliseconds',
    'lookups are answered again',
  ],
};
