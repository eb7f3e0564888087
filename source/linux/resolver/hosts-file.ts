import { isIPv4, isIPv6 } from 'node:net';

/**
 * Addresses that /etc/hosts gives a name, in the file's order (nss_files): names compare without case and as they are
 * written, so a trailing dot is another name; an address with a scope is no address; ::1 stands for 127.0.0.1 as well.
 */
export function lookupHosts(text: string, name: string): string[] {
  const wanted = name.toLowerCase();
  const found: string[] = [];
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*$/s, '').trim().split(/\s+/);
    if (!isIPv4(address) && !(isIPv6(address) && !address.includes('%'))) continue;
    if (names.some((other) => other.toLowerCase() === wanted)) found.push(address);
  }
  return [...new Set(found)];
}
