import { failureTexts } from '../failure-mode-texts.js';

export const texts = failureTexts({
  id: 'missing-masquerade',
  title: 'Packets leave with a private address: the masquerade rule is gone',
  summary:
    'A network of containers reaches nothing outside, since its router forwards what they send without putting its own address in place of theirs: no answer finds the way back.',
  severity: 'critical',
  origin: 'Real-World Network Failure Scenarios, "Pod Can\'t Reach External API"',
  alerts: [
    ['LeavesUntranslated', 'SYNs leave with a private source address, none is answered', '10s'],
    ['ServiceUnreachable', 'probe_success == 0 from the containers, 1 from their host', '30s'],
  ],
  symptoms: [
    'connections to everything outside time out, those between containers and to the host are well',
    'the host itself reaches the same addresses at once',
    'connections that were open before go on, new ones do not come about',
    'one host is struck, often a new one, or one whose firewall was loaded anew',
  ],
  investigation: [
    [
      'Try it from inside, and from the host',
      "nsenter -t $(docker inspect -f '{{.State.Pid}}' <client>) -n curl -sv -m 5 http://<server>/; curl -sv -m 5 http://<server>/",
      'the first times out as it connects, the second answers',
    ],
    [
      'See with which source address packets leave',
      "timeout 10 tcpdump -nli any 'tcp[tcpflags] & tcp-syn != 0 and host <server>'",
      'the private address also on the interface that leads outside; or none there: then forwarding is off or a rule drops them',
    ],
    [
      'Look for the rule that translates',
      'iptables -t nat -S POSTROUTING; nft list ruleset | grep -n masquerade',
      'none for the network of the client',
    ],
    [
      'See that packets are forwarded at all',
      'sysctl net.ipv4.ip_forward; nstat -asz IpForwDatagrams',
      '1, and the count grows',
    ],
    [
      'Read what is tracked',
      'conntrack -L -p tcp --state SYN_SENT',
      '[UNREPLIED], and the answer is expected at the private address',
    ],
  ],
  rootCause: [
    'the rule was never made (the network plugin did not finish on this host) or was flushed with others (iptables -F -t nat, a firewall that was loaded anew)',
    'or the network was made without it (com.docker.network.bridge.enable_ip_masquerade=false) and nobody outside has a route to it',
  ],
  fix: [
    'put the rule back: iptables -t nat -A POSTROUTING -s <subnet> ! -o <bridge> -j MASQUERADE',
    'or let who makes it do so: restart Docker or the network plugin of that host',
  ],
  prevention: [
    'look for the rule before a host takes work (a readiness check of the node), and after each load of the firewall',
    'a firewall that loads its own tables alone, and flushes none of others',
    'a probe from inside of a container towards something outside',
  ],
  confusedWith: {
    partition:
      'what a rule drops on the way out does not leave at all, and what is dropped far away left with the address of the host',
    'resolver-dead': 'names that are asked for outside fail as well; by address it fails all the same',
    'packet-loss': 'of lost packets some come through; here none does',
    'name-missing': 'the name is given; the connection to its address does not come about',
  },
  recovery: [
    'SYNs leave with the address of the router, and are answered',
    'a new connection from a container to the outside comes about',
  ],
});
