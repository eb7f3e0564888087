import type { Fix } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { splitAddress } from './addresses.js';
import { serviceOf } from './services.js';

const WHAT = {
  delays: {
    text: 'take away what delays',
    command: 'tc -s qdisc show; iptables -t mangle -S; nft list ruleset',
  },
  loses: {
    text: 'take away what loses',
    command: 'nft list ruleset; iptables -S; ip -s link; tc -s qdisc show',
  },
  drops: { text: 'take away the rule that drops', command: 'nft list ruleset; iptables -S; ip route' },
} as const;

/** The fix where something in a container's network meddles with its packets: where to look for it. */
export function packetsFix(history: History, name: string, how: keyof typeof WHAT): Fix {
  const service = serviceOf(history, name);
  const pid = service?.pid ?? null;
  const { text, command } = WHAT[how];
  // Of one that is not watched only this host's end of the way can be looked at.
  if (!service) return { when: 'now', text: `${text} the packets to and from ${name}`, command };
  return {
    when: 'now',
    text: `${text} the packets of ${name}: a queueing discipline, a rule, a policy, a sick link`,
    ...(pid === null ? {} : { command: `nsenter -t ${pid} -n sh -c '${command}'` }),
  };
}

/** The fix where a container's own network knows no way to an address: where the route or the rule is to be looked for. */
export function noWayFix(history: History, source: string, address: string): Fix {
  const pid = serviceOf(history, source)?.pid ?? null;
  const { host } = splitAddress(address);
  const command = `ip route get ${host}; ip rule; ip route show table all; ip -br link`;
  return {
    when: 'now',
    text: `give ${source} its way to ${host} back: a route, a policy rule or a link of its own network`,
    ...(pid === null ? {} : { command: `nsenter -t ${pid} -n sh -c '${command}'` }),
  };
}
