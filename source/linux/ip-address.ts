import { endianness } from 'node:os';

const LITTLE = endianness() === 'LE';
const HEX = Int8Array.from({ length: 128 }, (_, code) => {
  const digit = Number.parseInt(String.fromCharCode(code), 16);
  return Number.isNaN(digit) ? -1 : digit;
});

/** Dotted form of 4 bytes in network order. */
export function formatIPv4(bytes: Uint8Array, at = 0): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
}

/** Text of 16 bytes in network order as RFC 5952 writes it; IPv4-mapped addresses (::ffff:0:0/96) as IPv4. */
export function formatIPv6(bytes: Uint8Array, at = 0): string {
  if (isMapped(bytes, at)) return formatIPv4(bytes, at + 12);
  const groups = Array.from(
    { length: 8 },
    (_, i) => ((bytes[at + 2 * i] ?? 0) << 8) | (bytes[at + 2 * i + 1] ?? 0),
  );
  const run = longestZeroRun(groups);
  const text = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return run.length < 2 ? text(0, 8) : `${text(0, run.start)}::${text(run.start + run.length, 8)}`;
}

function isMapped(bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < 10; i++) if (bytes[at + i] !== 0) return false;
  return bytes[at + 10] === 0xff && bytes[at + 11] === 0xff;
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  return best;
}

/** Value of `digits` hexadecimal ASCII bytes, or NaN when one of them is not. Exact up to 13 digits. */
export function parseHex(bytes: Uint8Array, at: number, digits: number): number {
  let value = 0;
  for (let i = at; i < at + digits; i++) {
    const digit = HEX[bytes[i] ?? 127] ?? -1;
    if (digit < 0) return Number.NaN;
    value = value * 16 + digit;
  }
  return value;
}

/**
 * Address of a /proc/net table: 8 hex digits for IPv4, 32 for IPv6, each word of 8 printed as a number in the
 * host's byte order (net/ipv4/tcp_ipv4.c). Undefined when it is neither.
 */
export function parseProcAddress(bytes: Uint8Array, at: number, digits: number): string | undefined {
  if (digits !== 8 && digits !== 32) return undefined;
  const address = new Uint8Array(digits / 2);
  for (let i = 0; i < address.length; i++) {
    const value = parseHex(bytes, at + 2 * i, 2);
    if (Number.isNaN(value)) return undefined;
    address[LITTLE ? (i & ~3) + 3 - (i & 3) : i] = value;
  }
  return digits === 8 ? formatIPv4(address) : formatIPv6(address);
}

/** `address:port`, with brackets round IPv6. */
export function joinHostPort(address: string, port: number): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
