import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'dns-failure',
  title: 'DNS fails inside a service',
  summary:
    'Every lookup of one service fails in the same way, while the resolver answers everybody else: the way to it is broken, not the names.',
  severity: 'critical',
  origin: 'Network Failure Scenarios (runbook), 4. DNS Resolution Failures',
  alerts: [
    ['DNSResolutionFailure', 'probe_dns_lookup_time_seconds > 5', '1m'],
    ['DNSLookupsFailing', 'every name of one client fails, another client is answered', '15s'],
  ],
  symptoms: [
    'every name fails alike, also names that always worked',
    'NXDOMAIN: "Name or service not known" at once; SERVFAIL: "Temporary failure in name resolution" at once; silence: the same words after 5 s for each try (10 s by default)',
    'connecting by address works, and so does what was connected before',
    'the same resolver gives the same names to others',
    'the application answers 500 at once, or hangs as long as its lookups are left without an answer',
  ],
  investigation: [
    [
      'Look a name up inside, and time it',
      'time docker exec <client> getent ahosts <name>; echo $?',
      '2 (not found) at once, or after 2 s to 10 s where nobody answers',
    ],
    [
      'Ask the same server for the same name from somewhere else',
      "dig @$(docker exec <client> sed -n 's/^nameserver //p' /etc/resolv.conf | head -1) <name>",
      'an address in milliseconds: the server and the name are well',
    ],
    [
      'Go round DNS: connect by address',
      "nsenter -t $(docker inspect -f '{{.State.Pid}}' <client>) -n timeout 3 bash -c '</dev/tcp/<address>/<port>'; echo $?",
      '0, it connects: the network is well',
    ],
    [
      'See whom it asks, and what stands between',
      "docker exec <client> cat /etc/resolv.conf; nsenter -t $(docker inspect -f '{{.State.Pid}}' <client>) -n sh -c 'nft list ruleset; iptables -t nat -S'",
      'a nameserver that is wrong, or a rule that redirects or drops port 53',
    ],
  ],
  rootCause: [
    'queries of the service are redirected to a server that denies everything or fails, or its answers are dropped',
    'a resolver says NXDOMAIN or SERVFAIL for all names only when it is the wrong one, or a broken one',
  ],
  fix: ['take the rule away, or correct resolv.conf; then restart what caches failures (nscd -i hosts)'],
  prevention: [
    'two nameservers, with options timeout:1 attempts:2',
    'a cache near the application that serves stale answers for a while (RFC 8767)',
    'connection pools: what is connected needs no lookup',
    'watch lookups from inside each service, not only on the resolver',
  ],
  confusedWith: {
    'name-missing': 'one name is missing for everybody; here all names, for some',
    'resolver-dead': 'a dead resolver answers nobody',
    'resolver-saturation': 'a saturated resolver answers late; here no answer is late',
    partition: 'connecting by address works',
    'database-down': 'the database answers by address in milliseconds',
  },
  recovery: [
    'lookups inside are answered in milliseconds, twice in a row',
    'every cell of the connectivity matrix connects',
    'every target answers 200 (success rate), ten of ten timed requests within a second',
  ],
});
