import type { Snapshot } from '../fault-plan.js';

/** Untouched output of each source by its name; null where it could not be read. */
export type RawState = Readonly<Record<string, string | null>>;

type Normaliser = (text: string) => string;

const NORMALISERS: Readonly<Record<string, Normaliser>> = {
  'iptables-legacy': iptablesRules,
  'ip6tables-legacy': iptablesRules,
  'iptables-nft': iptablesRules,
  'ip6tables-nft': iptablesRules,
  qdisc: queueLines,
  class: queueLines,
  filter: queueLines,
  links: linkLines,
  addresses: addressLines,
  routes: sortedLines,
  routes6: sortedLines,
  rules: sortedLines,
  rules6: sortedLines,
  sysctls: sortedLines,
  limits: (text) =>
    /^Max open files.*$/m
      .exec(text)?.[0]
      .trim()
      .split(/\s{2,}/)
      .join(' ') ?? '',
  oom: (text) => `oom_score_adj ${text.trim()}`,
};

/** Sources that name devices. */
const DEVICES = new Set([
  'qdisc',
  'class',
  'filter',
  'links',
  'addresses',
  'routes',
  'routes6',
  'rules',
  'rules6',
]);

/** Names of sections that begin otherwise than their source. */
const SECTIONS: Readonly<Record<string, string>> = { limits: 'open files', oom: 'oom' };

/**
 * What was read from inside a target as comparable sections: volatile figures left out, order made one. What could not
 * be read is no section, and `unreadable` names it.
 */
export function insideSections(raw: RawState): {
  readonly snapshot: Snapshot;
  readonly unreadable: readonly string[];
} {
  const snapshot: Record<string, string> = {};
  const unreadable: string[] = [];
  const named = byAddress(raw.addresses ?? null);
  for (const [name, text] of Object.entries(raw)) {
    if (text === null) unreadable.push(name);
    else if (name === 'nft') Object.assign(snapshot, nftTables(text));
    else {
      const shown = DEVICES.has(name) ? named(text) : text;
      snapshot[SECTIONS[name] ?? name] = NORMALISERS[name]?.(shown) ?? shown;
      if (name === 'links') snapshot['queue lengths'] = queueLengths(shown);
    }
  }
  return { snapshot, unreadable };
}

interface Link {
  readonly ifname?: string;
  readonly flags?: readonly string[];
  readonly mtu?: number;
  readonly txqlen?: number;
  readonly address?: string;
  readonly gso_max_size?: number;
  readonly gso_max_segs?: number;
}

interface Addressed {
  readonly ifname?: string;
  readonly addr_info?: readonly {
    readonly local?: string;
    readonly prefixlen?: number;
    readonly scope?: string;
  }[];
}

/** `ip -j -d link` as a line an interface, by name; indices are left out: they are drawn anew at each connect. */
export function linkLines(json: string): string {
  return rows<Link>(json)
    .map(({ ifname, flags, mtu, address, gso_max_size, gso_max_segs }) => {
      const up = flags?.includes('UP') ? 'up' : 'down';
      return `${ifname} ${up} mtu ${mtu} gso ${gso_max_size}/${gso_max_segs} ${address ?? ''}`;
    })
    .sort()
    .join('\n');
}

/** The same source's queue lengths: a queueing discipline that is set on a veth without one gives it one. */
function queueLengths(json: string): string {
  return rows<Link>(json)
    .map(({ ifname, txqlen }) => `${ifname} ${txqlen ?? 0}`)
    .sort()
    .join('\n');
}

/** `ip -j address` as a line an address. */
function addressLines(json: string): string {
  return rows<Addressed>(json)
    .flatMap(({ ifname, addr_info }) =>
      (addr_info ?? []).map(({ local, prefixlen }) => `${ifname} ${local}/${prefixlen}`),
    )
    .sort()
    .join('\n');
}

function rows<T>(json: string): readonly T[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** Routes, rules or filters as sorted lines, without ages. */
function sortedLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.replace(/ expires \d+sec/, '').trim())
    .filter((line) => line !== '')
    .sort()
    .join('\n');
}

/** `tc qdisc|class|filter show` without reference counts and figures. */
export function queueLines(text: string): string {
  return sortedLines(text.replace(/ (?:refcnt|direct_packets_stat) \d+/g, ''));
}

/** Docker's own names; whoever gave a device another name meant it. */
const OF_DOCKER = /^eth\d+$/;

/**
 * Replaces the names that Docker gives to devices by their addresses: it counts on with each connect of a running
 * container (eth0, off and on again, is eth1), and a device with the same address is the same to everybody. The
 * argument is what `ip -j address` said; a device without an address keeps its name.
 */
export function byAddress(addresses: string | null): (text: string) => string {
  const names = new Map<string, string>();
  for (const { ifname, addr_info } of rows<Addressed>(addresses ?? '[]')) {
    const address = addr_info?.find(({ scope }) => scope === 'global')?.local;
    if (ifname !== undefined && address !== undefined && OF_DOCKER.test(ifname))
      names.set(ifname, `eth@${address}`);
  }
  return (text) => text.replace(/\beth\d+\b/g, (name) => names.get(name) ?? name);
}

/** Tables that iptables makes by itself when it first looks at them. */
const OWN_OF_IPTABLES = new Set(['filter', 'nat', 'mangle', 'raw', 'security']);

/** Docker's resolver listens on ports that are drawn at each start of a container. */
const dockerResolver = (line: string): string =>
  line
    .replace(/(127\.0\.0\.11:)\d+/, '$1PORT')
    .replace(/(saddr 127\.0\.0\.11 (?:tcp|udp) sport )\d+/, '$1PORT')
    .replace(/(-s 127\.0\.0\.11\/32 .*--sport )\d+/, '$1PORT');

/**
 * `nft -s list ruleset` as one text a table, by `nft <family> <table>`. Left out: elements of sets that change by
 * themselves, and base chains without rules and with policy accept in the tables of iptables, which it makes by
 * looking and which let everything pass.
 */
export function nftTables(text: string): Record<string, string> {
  const tables: Record<string, string> = {};
  for (const [, family, name, body] of text.matchAll(/^table (\S+) (\S+) \{.*\n([\s\S]*?)^\}/gm)) {
    const ofIptables = /^ip6?$/.test(family as string) && OWN_OF_IPTABLES.has(name as string);
    const kept = blocksOf(body as string)
      .map((block) => withoutElements(block))
      .filter((block) => !ofIptables || !isEmptyBaseChain(block));
    const shown = kept.flat().map(dockerResolver).join('\n');
    if (shown !== '' || !ofIptables) tables[`nft ${family} ${name}`] = shown;
  }
  return tables;
}

/** The chains, sets and maps of a table's body, each with its lines. */
function blocksOf(body: string): string[][] {
  const blocks: string[][] = [];
  for (const line of body.split('\n')) {
    if (line.trim() === '') continue;
    if (/^\t\S/.test(line) && line !== '\t}') blocks.push([]);
    blocks.at(-1)?.push(line.replace(/^\t/, '').trimEnd());
  }
  return blocks;
}

function withoutElements(block: string[]): string[] {
  if (!block.some((line) => /^\tflags .*\b(?:timeout|dynamic)\b/.test(line))) return block;
  const start = block.findIndex((line) => /^\telements = \{/.test(line));
  if (start < 0) return block;
  const length = block.slice(start).findIndex((line) => line.trimEnd().endsWith('}')) + 1;
  return [...block.slice(0, start), ...block.slice(start + Math.max(1, length))];
}

const isEmptyBaseChain = (block: string[]): boolean =>
  block.length === 3 && /^chain /.test(block[0] as string) && /policy accept;$/.test(block[1] as string);

/**
 * `iptables-save` without comments, counters, and chains of the kernel that have the policy ACCEPT they begin with:
 * one that nobody looked at yet is not listed. Tables without anything else are left out.
 */
export function iptablesRules(text: string): string {
  const lines: string[] = [];
  for (const section of text.split(/^\*/m).slice(1)) {
    const [name, ...rest] = section.split('\n');
    const kept = rest
      .map((line) => dockerResolver(line.trim().replace(/ ?\[\d+:\d+\]/, '')))
      .filter((line) => line !== '' && line !== 'COMMIT' && !line.startsWith('#'))
      .filter((line) => !/^:\S+ ACCEPT$/.test(line));
    lines.push(...kept.map((line) => `${name} ${line}`));
  }
  return lines.join('\n');
}
