const LOCAL = /^(127\.\d+\.\d+\.\d+|localhost|\[?::1\]?|0\.0\.0\.0|\[?::\]?|\*)$/i;

/** Host and port of `host:port` or `[v6]:port`. */
export function splitAddress(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}

/** A resolver as dig is told whom to ask: `@10.0.0.2 `, `@::1 -p 5353 `; empty where its address is not known. */
export function digAt(resolver: string): string {
  const { port } = splitAddress(resolver);
  if (!Number.isInteger(port)) return '';
  return `@${hostOf(resolver)} ${port === 53 ? '' : `-p ${port} `}`;
}

/** The host of `host:port`, an IPv6 address without its brackets. */
export const hostOf = (address: string): string => address.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');

/** Whether an address is this machine's own loopback: only then do our port tables speak of it. */
export const isLocal = (address: string): boolean => LOCAL.test(splitAddress(address).host);
