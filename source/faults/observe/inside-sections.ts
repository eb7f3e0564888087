import type { Snapshot } from '../fault-plan.js';
import { byAddress } from './device-names.js';
import { addressLines, linkLines, queueLengths, queueLines, sortedLines } from './links.js';
import { iptablesRules, nftTables } from './netfilter.js';
import type { RawState } from './raw-state.js';

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
export function fromInside(raw: RawState): {
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
