import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'partition',
  title: 'Network partition',
  summary:
    'Two services that both run cannot reach each other: packets between them are dropped or rejected, in both directions or in one.',
  severity: 'critical',
  origin: 'Network Failure Scenarios (runbook), 2. Network Partition',
  alerts: [
    ['ServiceUnreachable', 'probe_success == 0', '30s'],
    ['ConnectivityMatrix', 'one cell times out while another source reaches the target', '10s'],
  ],
  symptoms: [
    'whatever needs the other side hangs until its deadline: not refused, no error, no byte',
    'both sides run and answer others; names resolve',
    'connections wait in SYN-SENT, and the other side has never heard of them (or holds them in SYN-RECV where only its answers get lost)',
    'connections that were open hang in silence',
    'where a firewall rejects instead of dropping: refused at once, though the other side listens',
    'pages that need nothing from the other side go on loading, until every worker waits',
  ],
  investigation: [
    [
      'Ask from inside the one that suffers',
      "nsenter -t $(docker inspect -f '{{.State.Pid}}' <client>) -n timeout 3 bash -c '</dev/tcp/<address>/<port>'; echo $?",
      '124 (timed out); 1 at once would be a refusal',
    ],
    [
      'Make the matrix: each service from each other',
      'for a in <client> <app>; do for b in <address>/<port> <address>/<port>; do nsenter -t $(docker inspect -f "{{.State.Pid}}" $a) -n timeout 3 bash -c "</dev/tcp/$b"; echo "$a -> $b: $?"; done; done',
      '124 in one place, 0 (connected) where it works',
    ],
    [
      'See who has heard whom',
      "nsenter -t $(docker inspect -f '{{.State.Pid}}' <client>) -n ss -tn state syn-sent; nsenter -t $(docker inspect -f '{{.State.Pid}}' <server>) -n ss -tn state syn-recv",
      'SYN-SENT on one side; SYN-RECV on the other only where the way back is cut',
    ],
    [
      'See whether they still share a network',
      "docker inspect -f '{{.Name}} {{json .NetworkSettings.Networks}}' <client> <server>",
      'a network in common; if not, somebody disconnected one of them',
    ],
    [
      'Look for the rule',
      "nsenter -t $(docker inspect -f '{{.State.Pid}}' <server>) -n sh -c 'nft list ruleset; iptables -S'",
      'a rule that drops by the address of the other, with a counter that grows',
    ],
  ],
  rootCause: [
    'a rule or a policy drops packets between two addresses, a route is missing, or one of them left the network they shared',
    'a dropped SYN is no answer: clients without a deadline of their own wait more than two minutes (tcp_syn_retries)',
  ],
  fix: ['take the rule away, or put the container back on the network'],
  prevention: [
    'a deadline on connecting (connect_timeout), a circuit breaker that opens at once',
    'cached or partial answers for what can do without the other side',
    'a bulkhead: what hangs on one dependency must not take every worker',
    'a connectivity matrix from inside, not only probes from outside',
    'try network policies on a copy, and watch the matrix while they are applied',
  ],
  confusedWith: {
    'service-stopped':
      'a stopped service refuses at once, or has no address any more; what a firewall rejects looks the same, but listens',
    'service-hung': 'the kernel of a hung service completes the handshake; here nobody answers the SYN',
    'database-down': 'somebody else asks the same database and is answered in milliseconds',
    'dns-failure': 'names resolve; connecting by address is what fails',
    'packet-loss': 'with loss some connections come about',
  },
  recovery: [
    'every cell of the connectivity matrix connects, in both directions',
    'every target answers 200 (success rate), ten of ten timed requests within a second',
    'no connection waits in SYN-SENT or SYN-RECV, none is left in CLOSE-WAIT',
  ],
});
