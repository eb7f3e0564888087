import { tryReadNumber, tryReadText } from '../read-text.js';

/** Which local ports connect() gives in a network namespace, and whether it gives one in TIME-WAIT again. */
export interface LocalPorts {
  readonly low: number;
  readonly high: number;
  /** How many there are towards one server from one address: those that are reserved are left out. */
  readonly count: number;
  readonly reuse: 'never' | 'loopback' | 'always';
}

/** Of the network of the calling thread; undefined where it cannot be read. `folder` is /proc/sys/net/ipv4. */
export function readLocalPorts(folder = '/proc/sys/net/ipv4'): LocalPorts | undefined {
  const range = tryReadText(`${folder}/ip_local_port_range`) ?? '';
  const [low = Number.NaN, high = Number.NaN] = range.trim().split(/\s+/).map(Number);
  if (!(Number.isInteger(low) && Number.isInteger(high) && low <= high)) return undefined;
  const reserved = reservedWithin(tryReadText(`${folder}/ip_local_reserved_ports`) ?? '', low, high);
  const all = high - low + 1;
  // It walks the even ones and then the odd ones, as many of each (__inet_hash_connect): of 201 it tries 200.
  const tried = all > 1 ? all - (all % 2) : all;
  return { low, high, count: Math.max(1, tried - reserved), reuse: reuseOf(folder) };
}

/** `8080,9148-9150`: how many of these are in the range. */
function reservedWithin(text: string, low: number, high: number): number {
  return text
    .trim()
    .split(',')
    .map((part) => part.split('-').map(Number))
    .reduce((sum, [from = Number.NaN, to = from]) => {
      const within = Math.min(high, to) - Math.max(low, from) + 1;
      return within > 0 ? sum + within : sum;
    }, 0);
}

/** Without timestamps of TCP nothing tells an old segment from a new one, and no port is given again. */
function reuseOf(folder: string): LocalPorts['reuse'] {
  if (tryReadNumber(`${folder}/tcp_timestamps`) === 0) return 'never';
  const set = tryReadNumber(`${folder}/tcp_tw_reuse`);
  return set === 1 ? 'always' : set === 2 ? 'loopback' : 'never';
}
