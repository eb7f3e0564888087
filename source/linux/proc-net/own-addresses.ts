import { isIPv4 } from 'node:net';

/** What a network says is its own, and what is on its wires (IPv4). */
export interface OwnAddresses {
  /** Addresses, and whole ranges, at which it answers itself. */
  readonly local: readonly Range[];
  /** Subnets that it reaches without a router. */
  readonly connected: readonly Range[];
}

interface Range {
  readonly first: number;
  readonly bits: number;
}

const MOST_LINES = 20_000;

/** Rows of /proc/<pid>/net/fib_trie (net/ipv4/fib_trie.c): an address `|-- 10.0.0.3`, and below it what it stands for. */
export function parseFibTrie(text: string): OwnAddresses {
  const local: Range[] = [];
  const connected: Range[] = [];
  let address = '';
  for (const line of text.split('\n').slice(0, MOST_LINES)) {
    const leaf = /^\s*\|--\s+(\S+)/.exec(line);
    if (leaf) address = leaf[1] ?? '';
    const [, bits, scope, type] = /^\s*\/(\d+)\s+(\w+)\s+(\w+)/.exec(line) ?? [];
    if (!isIPv4(address) || bits === undefined) continue;
    const range = rangeOf(address, Number(bits));
    if (type === 'LOCAL') local.push(range);
    else if (scope === 'link' && type === 'UNICAST') connected.push(range);
  }
  return { local, connected };
}

/** The range of addresses that share the first bits of an IPv4 address. */
export const rangeOf = (address: string, bits: number): Range => ({ first: numberOf(address), bits });

/** Whether one of these ranges holds an IPv4 address. */
export const holds = (ranges: readonly Range[], address: string): boolean =>
  isIPv4(address) &&
  ranges.some(({ first, bits }) => {
    const size = 2 ** (32 - bits);
    return Math.floor(numberOf(address) / size) === Math.floor(first / size);
  });

const numberOf = (address: string): number =>
  address.split('.').reduce((sum, byte) => 256 * sum + Number(byte), 0);
