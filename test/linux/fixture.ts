import { readFileSync } from 'node:fs';

/** Bytes captured from a running kernel (Linux 6.18, x86-64). */
export function fixture(name: string): Buffer {
  return readFileSync(new URL(`./fixtures/${name}`, import.meta.url));
}

export const fixtureText = (name: string): string => fixture(name).toString('latin1');

/** The datagrams of a captured netlink dump: each stands behind its length (4 bytes, little endian). */
export function datagrams(name: string): Buffer[] {
  const bytes = fixture(name);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = bytes.readUInt32LE(at);
    parts.push(bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return parts;
}
