import type { Fix } from '../../store/finding.js';
import { later, now } from './fixes.js';
import type { LeavesUntranslated } from './untranslated.js';

/** What to do at a router that lets private addresses out. */
export function untranslatedFixes({ router, flows: [{ source }] }: LeavesUntranslated): readonly Fix[] {
  const subnet = source.replace(/\.\d+$/, '.0/24');
  const at = router === null ? '' : `nsenter -t $(docker inspect -f '{{.State.Pid}}' ${router}) -n `;
  return [
    now(
      'see what translates here',
      `${at}nft list ruleset; ${at}iptables -t nat -S POSTROUTING; ${at}sysctl net.ipv4.ip_forward`,
    ),
    now(
      'put the rule back, for the subnet of the client; or restart who makes it (Docker, the network plugin)',
      `${at}iptables -t nat -A POSTROUTING -s ${subnet} ! -d ${subnet} -j MASQUERADE`,
    ),
    later('look for the rule before a host takes work, and after each load of its firewall', 'masquerade'),
  ];
}
