import { FaultRefused, type SpecOf } from '../fault-spec.js';
import { confirmed, inconclusive, mismatch } from '../fault-verdict.js';
import { answerReading, type Ping, packetsOf, packetsReading, pingsOf } from '../observe/readings.js';
import { addressesOf, arriving, deviceName, type LeaseTable, leased } from '../plan/nft.js';
import { ownTables } from '../plan/steps.js';
import type { Surroundings } from '../plan/surroundings.js';
import type { KindOfFault } from './kind.js';

/** Peers that are pinged for the verdict. */
const MOST_PINGED = 4;
const WORDS = { both: 'from and to', in: 'from', out: 'to' } as const;

/** Packets from and to some addresses are lost; the sets of addresses are the lease themselves. */
export const dropPeer: KindOfFault<'drop-peer'> = {
  scope: 'network',
  wants: ['means', 'inside'],
  touches: [],
  ownStep: ownTables,
  plan(spec, surroundings) {
    const { id, target, means } = surroundings;
    const { name } = target.identity;
    const tables = tablesFor(spec, surroundings);
    const own = spec.peers.find((peer) =>
      target.networks.some(({ ipv4, ipv6 }) => [ipv4, ipv6].includes(peer)),
    );
    if (own !== undefined) throw new FaultRefused(`${own} is ${name} itself`);
    const outByHook = spec.ways !== 'in' && means.egress !== null;
    return {
      ...leased(surroundings, tables),
      what: `${name}: packets ${WORDS[spec.ways]} ${listed(spec.peers)} are lost`,
      means: 'nft, a set of addresses with a timeout',
      insteadOf: outByHook
        ? `nft's egress hook is not to be had (${means.egress}): a UDP sender in the target gets EPERM instead of silence`
        : null,
      readings: [
        ...spec.peers.slice(0, MOST_PINGED).map((peer) => answerReading(peer, 1)),
        ...tables.map(({ family }) => packetsReading(id, family)),
      ],
    };
  },
  effect({ plan, before, after }) {
    const pings = pingsOf(plan, before, after);
    const reachable = pings.filter(({ was }) => answers(was));
    const still = reachable.filter(({ is }) => answers(is));
    const dropped = packetsOf(plan, after) ?? 0;
    const count = (pair: 'was' | 'is'): number => pings.filter((ping) => answers(ping[pair])).length;
    const signal = `${count('was')} → ${count('is')} of ${pings.length} peers answer a ping, ${dropped} packets dropped by its rules`;
    if (reachable.length === 0)
      return dropped > 0 ? confirmed(signal) : inconclusive(`${signal}: none answered before`);
    return still.length === 0 ? confirmed(signal) : mismatch(signal);
  },
};

/**
 * What comes is dropped before conntrack. What goes is dropped for TCP where it is sent: the connection does not see
 * that, and keeps the kernel's own times. For the rest the drop is at the device, where the sender sees nothing of it:
 * earlier, a UDP sender would be told (EPERM), and TCP dropped at the device is sent again every 0.5 s (measured).
 */
function tablesFor(spec: SpecOf<'drop-peer'>, { means, inside }: Surroundings): readonly LeaseTable[] {
  const { ipv4, ipv6 } = addressesOf(spec.peers);
  const sets = [
    ...(ipv4.length > 0 ? [{ name: 'peers4', type: 'ipv4_addr', elements: ipv4 }] : []),
    ...(ipv6.length > 0 ? [{ name: 'peers6', type: 'ipv6_addr', elements: ipv6 }] : []),
  ];
  const rules = (before: string, side: 'saddr' | 'daddr'): string[] => [
    ...(ipv4.length > 0 ? [`${before}ip ${side} @peers4 counter drop`] : []),
    ...(ipv6.length > 0 ? [`${before}ip6 ${side} @peers6 counter drop`] : []),
  ];
  const comes = arriving(rules('', 'saddr'));
  const all = means.egress !== null;
  const goes = {
    name: 'leaving',
    at: 'filter hook output priority raw',
    rules: rules(all ? '' : 'meta l4proto tcp ', 'daddr'),
  };
  const inet: LeaseTable = {
    family: 'inet',
    sets,
    chains: [...(spec.ways === 'out' ? [] : [comes]), ...(spec.ways === 'in' ? [] : [goes])],
  };
  if (spec.ways === 'in' || all) return [inet];
  const links = inside?.links ?? [];
  if (links.length === 0) throw new FaultRefused('the target has no network device');
  const devices = links.map(({ name }, at) => ({
    name: `device${at}`,
    at: `filter hook egress device ${deviceName(name)} priority 0`,
    rules: rules('', 'daddr'),
  }));
  return [inet, { family: 'netdev', sets, chains: devices }];
}

const listed = (peers: readonly string[]): string =>
  peers.length <= 3 ? peers.join(', ') : `${peers.slice(0, 3).join(', ')} and ${peers.length - 3} more`;

const answers = (ping: Ping | null): boolean => (ping?.answered ?? 0) > 0;
