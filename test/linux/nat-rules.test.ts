import { expect, it } from 'vitest';
import { parseNatRules } from '../../source/linux/nat-rules.js';

const SAVED = `*nat
:POSTROUTING ACCEPT [12:720]
-A POSTROUTING -s 172.18.0.0/16 ! -o br-136ff60c8d80 -j MASQUERADE
-A POSTROUTING -s 172.18.0.2/32 -d 172.18.0.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE
-A POSTROUTING ! -s 10.0.0.0/8 -o eth0 -j MASQUERADE
-A POSTROUTING -o eth1 -j SNAT --to-source 192.0.2.1
-A DOCKER ! -i br-136ff60c8d80 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:80
COMMIT
`;
const LISTED = `table ip nat {
	chain POSTROUTING {
		type nat hook postrouting priority srcnat; policy accept;
		oifname != "br-2b14ea784433" ip saddr 10.213.24.0/24 counter packets 726 bytes 39204 masquerade
		ip saddr 10.213.24.53 ip daddr 10.213.24.53 tcp dport 53 counter packets 0 bytes 0 masquerade
		ip saddr != 10.0.0.0/8 masquerade
		ip saddr @pods snat to 192.0.2.1
		oifname "eth0" masquerade random
		tcp dport 8080 dnat to 172.18.0.2:80
	}
}
`;

it('are read as iptables saves them, with the network that each takes', () => {
  expect(parseNatRules(SAVED)).toEqual([
    ...['172.18.0.0/16', '172.18.0.2/32'].map((source) => ({ source })),
    ...[{ source: null }, { source: null }],
  ]);
});

it('are read as nft lists them', () => {
  expect(parseNatRules(LISTED)).toEqual([
    ...['10.213.24.0/24', '10.213.24.53/32'].map((source) => ({ source })),
    ...[{ source: null }, { source: null }, { source: null }],
  ]);
});

it('are none in any other text', () => {
  for (const text of ['', '\0\n', '# masquerades\n', 'chain masqueraded {', '-j MASQUERADED'])
    expect(parseNatRules(text)).toEqual([]);
});
