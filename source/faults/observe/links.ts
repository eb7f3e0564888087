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
  readonly addr_info?: readonly { readonly local?: string; readonly prefixlen?: number }[];
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
export function queueLengths(json: string): string {
  return rows<Link>(json)
    .map(({ ifname, txqlen }) => `${ifname} ${txqlen ?? 0}`)
    .sort()
    .join('\n');
}

/** `ip -j address` as a line an address. */
export function addressLines(json: string): string {
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
export function sortedLines(text: string): string {
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
