import { isIPv4, isIPv6 } from 'node:net';
import { type AgentStep, type PlanBody, tableName } from '../fault-plan.js';
import { FaultRefused } from '../fault-spec.js';
import { inNetwork } from './steps.js';
import type { Surroundings } from './surroundings.js';

/** A set whose elements the kernel forgets when their time is over: rules that match on it then match nothing. */
export interface LeaseSet {
  readonly name: string;
  /** Type of the elements in nft's words: `ipv4_addr`, `inet_service`, `nf_proto`. */
  readonly type: string;
  readonly elements: readonly string[];
}

export interface LeaseTable {
  readonly family: 'inet' | 'netdev';
  readonly sets: readonly LeaseSet[];
  readonly chains: readonly {
    readonly name: string;
    /** `filter hook prerouting priority raw` */
    readonly at: string;
    readonly rules: readonly string[];
  }[];
}

/** Sets by which a rule takes every packet, or those from or to nameservers, for as long as its lease holds. */
export const EVERY_PACKET: LeaseSet = { name: 'lease', type: 'nf_proto', elements: ['ipv4', 'ipv6'] };
export const DNS_PORT: LeaseSet = { name: 'lease', type: 'inet_service', elements: ['53'] };

type LeaseChain = LeaseTable['chains'][number];

/** A chain that sees what arrives at the target first of all, before conntrack; what it drops nobody in there is told of. */
export const arriving = (rules: readonly string[]): LeaseChain => ({
  name: 'arriving',
  at: 'filter hook prerouting priority raw',
  rules,
});

/**
 * The part of a plan that loads tables of its own in one transaction, renews their lease, and removes them. Every rule
 * has to match on one of the sets: their elements' timeout is the lease, which holds with no process alive (nft(8),
 * SETS). Throws FaultRefused with the kernel's words where nftables cannot be used.
 */
export function leased(
  { id, ttlMs, means }: Surroundings,
  tables: readonly LeaseTable[],
): Pick<PlanBody, 'ending' | 'apply' | 'undo' | 'agent'> & { readonly renew: readonly AgentStep[] } {
  if (means.nft !== null)
    throw new FaultRefused(
      `nftables is not to be had here: ${means.nft} (modprobe nf_tables on Docker's machine)`,
    );
  const name = tableName(id);
  const lease = `${Math.ceil(ttlMs)}ms`;
  const load = (of: (table: LeaseTable) => readonly string[]): AgentStep => ({
    do: 'run',
    command: ['nft', '-f', '-'],
    stdin: `${tables.flatMap(of).join('\n')}\n`,
  });
  return {
    ending: 'kernel lease',
    apply: [load((table) => tableText(table, name, lease))],
    renew: [load((table) => table.sets.flatMap((set) => renewal(table.family, name, set, lease)))],
    // Added before it is deleted: the same text serves when it is gone already.
    undo: [load(({ family }) => [`add table ${family} ${name}`, `delete table ${family} ${name}`])],
    agent: inNetwork(),
  };
}

function tableText(table: LeaseTable, name: string, lease: string): readonly string[] {
  return [
    // A block after "create" is read and dropped by nft 1.0.6; the line alone fails where there is such a table.
    `create table ${table.family} ${name}`,
    `table ${table.family} ${name} {`,
    ...table.sets.flatMap((set) => [
      `  set ${set.name} {`,
      `    type ${set.type}`,
      '    flags timeout',
      `    elements = { ${set.elements.map((element) => `${element} timeout ${lease}`).join(', ')} }`,
      '  }',
    ]),
    ...table.chains.flatMap((chain) => [
      `  chain ${chain.name} {`,
      `    type ${chain.at}; policy accept;`,
      ...chain.rules.map((rule) => `    ${rule}`),
      '  }',
    ]),
    '}',
  ];
}

/** An element's time cannot be changed in place; added, deleted and added again it is renewed, run out or not. */
function renewal(family: string, name: string, set: LeaseSet, lease: string): readonly string[] {
  const at = `element ${family} ${name} ${set.name}`;
  return set.elements.flatMap((element) => [
    `add ${at} { ${element} timeout ${lease} }`,
    `delete ${at} { ${element} }`,
    `add ${at} { ${element} timeout ${lease} }`,
  ]);
}

/** A device's name as nft text takes it (dev_valid_name of the kernel allows more; Docker makes none of that). */
export function deviceName(name: string): string {
  if (!/^[A-Za-z0-9_.@-]{1,15}$/.test(name))
    throw new FaultRefused(`the target has a network device with an unusual name: ${JSON.stringify(name)}`);
  return `"${name}"`;
}

/** Addresses by their family, each once. Throws FaultRefused for what is none: this text goes into a rule. */
export function addressesOf(peers: readonly string[]): {
  readonly ipv4: readonly string[];
  readonly ipv6: readonly string[];
} {
  const ipv4 = new Set<string>();
  const ipv6 = new Set<string>();
  for (const peer of peers) {
    if (isIPv4(peer)) ipv4.add(peer);
    // A zone (fe80::1%eth0) is no part of the address on the wire.
    else if (isIPv6(peer) && !peer.includes('%')) ipv6.add(peer.toLowerCase());
    else throw new FaultRefused(`${JSON.stringify(peer).slice(0, 100)} is no IP address`);
  }
  if (ipv4.size + ipv6.size === 0) throw new FaultRefused('there is no address to cut it off from');
  return { ipv4: [...ipv4], ipv6: [...ipv6] };
}
