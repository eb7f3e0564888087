import { isIP } from 'node:net';

/** Addresses that /etc/hosts gives a name, in the file's order. Names compare without case. */
export function lookupHosts(text: string, name: string): string[] {
  const wanted = name.toLowerCase().replace(/\.$/, '');
  const found: string[] = [];
  for (const line of text.split('\n')) {
    const [address = '', ...names] = line.replace(/#.*$/s, '').trim().split(/\s+/);
    if (isIP(address) && names.some((other) => other.toLowerCase() === wanted)) found.push(address);
  }
  return found;
}
