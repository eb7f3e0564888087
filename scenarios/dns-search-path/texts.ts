import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'dns-search-path',
  title: 'The search list makes every lookup slow',
  summary:
    'A name is tried with each suffix of the search list before it is asked as it is, and every one of these is denied slowly, or not at all.',
  severity: 'warning',
  origin: 'Real-World Network Failure Scenarios, "DNS Resolution Takes 5 Seconds"',
  alerts: [
    ['DnsSearchList', 'denied suffixes take > 1 s and > 5 times what the name itself takes', '10s'],
    ['DnsNxdomainShare', 'NXDOMAIN / answers > 0.75 at the resolver, of names with a suffix', '5m'],
  ],
  symptoms: [
    'each new connection to a name outside takes seconds before its first packet, to an address it is quick',
    'dig NAME is quick: it leaves the search list out; getent hosts NAME takes seconds',
    'the resolver sees names with suffixes of the cluster or the company that were never there, four times the questions',
    'time goes by whole delays: suffixes times what one denial takes; 5 s or 10 s more where one is not answered',
  ],
  investigation: [
    [
      'Compare the name with and without a dot at its end',
      'time getent ahosts <name>; time getent ahosts <name>.',
      'seconds, then milliseconds',
    ],
    [
      'Read what is put behind a name, and when',
      "grep -E '^(search|options)' /etc/resolv.conf",
      'several suffixes, ndots above the dots of the name',
    ],
    [
      'See what is asked for',
      'timeout 10 tcpdump -nli any port 53',
      'the name with each suffix, A and AAAA, each denied (NXDomain), then the name itself',
    ],
    [
      'Time one denial alone',
      `dig +tries=1 @<server> <name>.$(awk '/^search/ {print $2}' /etc/resolv.conf) | grep -E 'status|Query time'`,
      'NXDOMAIN, as slow as one step of the lookup',
    ],
  ],
  rootCause: [
    'ndots above the dots of the name: the C library asks for name.suffix first, for each suffix, A and AAAA',
    'the server does not know these zones and asks others for each of them; a denial that is not kept comes from afar each time',
    'or a suffix leads to a server that is gone: 5 s for each try',
  ],
  fix: [
    'write the name with a dot at its end, or options ndots:1: it is asked as it is, at once',
    'take the suffixes that nobody needs out of the search list',
  ],
  prevention: [
    'whole names with a dot at their end in the configuration of what asks for names outside',
    'ndots no higher than the names inside need (Kubernetes: dnsConfig of the pod)',
    'a cache near the applications that keeps denials (RFC 2308), and local zones for what is only inside',
  ],
  confusedWith: {
    'resolver-saturation': 'a queue lets every name wait, also the one with a dot at its end',
    'dns-failure': 'there one kind of question is never answered, or a name is not given at all',
    'name-missing': 'there the name itself is denied; here only its forms with a suffix',
    latency: 'connections to an address are quick: the time goes by before the first packet',
  },
  recovery: [
    'a lookup of the name takes as long as with a dot at its end',
    'the resolver is asked twice for each lookup, not eight times',
  ],
});
