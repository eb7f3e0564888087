import type { FaultSpec } from '../fault-spec.js';
import { packetsOf, packetsReading } from '../observe/counters.js';
import { confirmed, inconclusive, mismatch } from '../observe/effect.js';
import { answerReading, type Ping, pingOf } from '../observe/ping.js';
import { addressesOf } from '../plan/addresses.js';
import { type LeaseTable, leased } from '../plan/nft.js';
import { CannotPlan } from '../plan/refusal.js';
import { requireNft } from '../plan/require-nft.js';
import type { Surroundings } from '../plan/surroundings.js';
import { deviceName } from '../plan/table-name.js';
import { inNetwork, type KindOfFault } from './kind.js';

type DropPeer = Extract<FaultSpec, { kind: 'drop-peer' }>;

/** Peers that are pinged for the verdict. */
const MOST_PINGED = 4;
const WORDS = { both: 'from and to', in: 'from', out: 'to' } as const;

/** Packets from and to some addresses are lost; the sets of addresses are the lease themselves. */
export const dropPeer: KindOfFault<'drop-peer'> = {
  reads: { means: true, inside: true, memory: false },
  plan(spec, surroundings) {
    requireNft(surroundings);
    const { id, ttlMs, target, means } = surroundings;
    const tables = tablesFor(spec, surroundings);
    const own = spec.peers.find((peer) =>
      target.networks.some(({ ipv4, ipv6 }) => [ipv4, ipv6].includes(peer)),
    );
    if (own !== undefined) throw new CannotPlan(`${own} is ${target.identity.name} itself`);
    const { apply, renew, undo } = leased(id, ttlMs, tables);
    const outByHook = spec.ways !== 'in' && means.egress !== null;
    return {
      what: `${target.identity.name}: packets ${WORDS[spec.ways]} ${listed(spec.peers)} are lost`,
      means: 'nft, a set of addresses with a timeout',
      insteadOf: outByHook
        ? `nft's egress hook is not to be had (${means.egress}): a UDP sender in the target gets EPERM instead of silence`
        : null,
      ending: 'kernel lease',
      apply: [apply],
      renew: [renew],
      undo: [undo],
      readings: [
        ...spec.peers.slice(0, MOST_PINGED).map((peer) => answerReading(peer, 1)),
        ...tables.map(({ family }) => packetsReading(id, family)),
      ],
      keeper: inNetwork(),
    };
  },
  bite(plan, _spec, before, after) {
    const names = plan.readings.map(({ name }) => name).filter((name) => name.startsWith('ping '));
    const pairs = names.map((name) => [pingOf(before.readings[name]), pingOf(after.readings[name])] as const);
    const reachable = pairs.filter(([was]) => (was?.answered ?? 0) > 0);
    const still = reachable.filter(([, is]) => (is?.answered ?? 0) > 0);
    const dropped = droppedBy(plan.readings.map(({ name }) => packetsOf(after.readings[name])));
    const signal = `${reached(pairs.map(([was]) => was))} → ${reached(pairs.map(([, is]) => is))} of ${pairs.length} peers answer a ping, ${dropped} packets dropped by its rules`;
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
function tablesFor(spec: DropPeer, { means, inside }: Surroundings): readonly LeaseTable[] {
  const { ipv4, ipv6 } = addressesOf(spec.peers);
  const sets = [
    ...(ipv4.length > 0 ? [{ name: 'peers4', type: 'ipv4_addr', elements: ipv4 }] : []),
    ...(ipv6.length > 0 ? [{ name: 'peers6', type: 'ipv6_addr', elements: ipv6 }] : []),
  ];
  const rules = (before: string, side: 'saddr' | 'daddr'): string[] => [
    ...(ipv4.length > 0 ? [`${before}ip ${side} @peers4 counter drop`] : []),
    ...(ipv6.length > 0 ? [`${before}ip6 ${side} @peers6 counter drop`] : []),
  ];
  const comes = { name: 'arriving', at: 'filter hook prerouting priority raw', rules: rules('', 'saddr') };
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
  if (links.length === 0) throw new CannotPlan('the target has no network device');
  const devices = links.map(({ name }, at) => ({
    name: `device${at}`,
    at: `filter hook egress device ${deviceName(name)} priority 0`,
    rules: rules('', 'daddr'),
  }));
  return [inet, { family: 'netdev', sets, chains: devices }];
}

const listed = (peers: readonly string[]): string =>
  peers.length <= 3 ? peers.join(', ') : `${peers.slice(0, 3).join(', ')} and ${peers.length - 3} more`;

const reached = (pings: readonly (Ping | null)[]): number =>
  pings.filter((ping) => (ping?.answered ?? 0) > 0).length;

const droppedBy = (counts: readonly (number | null)[]): number =>
  counts.reduce<number>((sum, count) => sum + (count ?? 0), 0);
