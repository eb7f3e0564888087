interface Addressed {
  readonly ifname?: string;
  readonly addr_info?: readonly { readonly local?: string; readonly scope?: string }[];
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
  for (const { ifname, addr_info } of rows(addresses)) {
    const address = addr_info?.find(({ scope }) => scope === 'global')?.local;
    if (ifname !== undefined && address !== undefined && OF_DOCKER.test(ifname))
      names.set(ifname, `eth@${address}`);
  }
  return (text) => text.replace(/\beth\d+\b/g, (name) => names.get(name) ?? name);
}

function rows(json: string | null): readonly Addressed[] {
  try {
    const value: unknown = JSON.parse(json ?? '[]');
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
