import type { KeeperStep } from '../fault-plan.js';
import { tableName } from './table-name.js';

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

/**
 * Steps that load tables of a fault in one transaction, renew their lease, and remove them. Every rule has to match on
 * one of the sets: their elements' timeout is the lease, which holds with no process alive (nft(8), SETS).
 */
export function leased(
  id: string,
  ttlMs: number,
  tables: readonly LeaseTable[],
): { readonly apply: KeeperStep; readonly renew: KeeperStep; readonly undo: KeeperStep } {
  const name = tableName(id);
  const lease = `${Math.ceil(ttlMs)}ms`;
  const lines = (of: (table: LeaseTable) => readonly string[]): KeeperStep => ({
    do: 'run',
    command: ['nft', '-f', '-'],
    stdin: `${tables.flatMap(of).join('\n')}\n`,
  });
  return {
    apply: lines((table) => tableText(table, name, lease)),
    renew: lines((table) => table.sets.flatMap((set) => renewal(table.family, name, set, lease))),
    // Added before it is deleted: the same text serves when it is gone already.
    undo: lines(({ family }) => [`add table ${family} ${name}`, `delete table ${family} ${name}`]),
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
