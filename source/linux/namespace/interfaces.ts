import { closeSync } from 'node:fs';
import { readText } from '../read-text.js';
import type { Libc } from './libc.js';
import { AF_INET, SOCK_DGRAM, socketInside } from './socket-in.js';

/** include/uapi/linux/sockios.h, include/uapi/linux/if.h. struct ifreq: a name of 16 bytes, then a union of 24. */
const SIOCGIFFLAGS = 0x8913;
const SIOCGIFMTU = 0x8921;
const NAME_BYTES = 16;
const IFREQ_BYTES = 40;
const IFF_UP = 0x1;
const IFF_LOOPBACK = 0x8;
const IFF_RUNNING = 0x40;
/** Interfaces asked about at most; a container has two. */
const MOST_INTERFACES = 1_000;

export interface NetworkInterface {
  readonly name: string;
  /** Bytes of the largest packet it sends whole. */
  readonly mtu: number;
  readonly up: boolean;
  /** Up and with a carrier. */
  readonly running: boolean;
  readonly loopback: boolean;
}

/** Names of the interfaces in /proc/<pid>/net/dev: two lines of header, then `name: counters`. */
export function parseInterfaceNames(text: string): string[] {
  return text
    .split('\n')
    .slice(2)
    .flatMap((line) => /^\s*([^\s:][^\s]*?):/.exec(line)?.[1] ?? []);
}

/**
 * Interfaces of the network that process `pid` is in, with their MTU, as the kernel tells a socket inside. Not from
 * /sys: that shows the network in which it was mounted. Throws NamespaceError and ReadError.
 */
export function interfacesOf(libc: Libc, pid: number): NetworkInterface[] {
  const names = parseInterfaceNames(readText(`/proc/${pid}/net/dev`)).slice(0, MOST_INTERFACES);
  // Such a socket is asked from out here: it knows whose network it belongs to.
  const fd = socketInside(libc, pid, AF_INET, SOCK_DGRAM);
  try {
    return names.flatMap((name) => ask(libc, fd, name) ?? []);
  } finally {
    closeSync(fd);
  }
}

/** Undefined for an interface that went away meanwhile. */
function ask(libc: Libc, fd: number, name: string): NetworkInterface | undefined {
  const mtu = request(libc, fd, name, SIOCGIFMTU)?.readInt32LE(NAME_BYTES);
  const flags = request(libc, fd, name, SIOCGIFFLAGS)?.readUInt16LE(NAME_BYTES);
  if (mtu === undefined || flags === undefined) return undefined;
  const has = (flag: number): boolean => (flags & flag) !== 0;
  return { name, mtu, up: has(IFF_UP), running: has(IFF_RUNNING), loopback: has(IFF_LOOPBACK) };
}

function request(libc: Libc, fd: number, name: string, what: number): Buffer | undefined {
  const bytes = Buffer.alloc(IFREQ_BYTES);
  bytes.write(name, 0, NAME_BYTES - 1, 'latin1');
  return libc.ioctl(fd, what, bytes) === 0 ? bytes : undefined;
}
