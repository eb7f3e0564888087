import { conntrackFill } from '../../../linux/conntrack/conntrack-fill.js';
import type { NetworkInterface } from '../../../linux/namespace/interfaces.js';
import { parseRoutes, parseRoutes6 } from '../../../linux/namespace/routes.js';
import { parseCounters } from '../../../linux/proc-net/counters.js';
import { decodeTcpTable } from '../../../linux/proc-net/tcp-table.js';
import { parseResolvConf } from '../../../linux/resolver/resolv-conf.js';
import type { ConntrackSample } from '../../conntrack/sample.js';
import { EdgeBook } from '../../edges/edge-book.js';
import { KERNEL_COUNTERS, type KernelSample } from '../../kernel/sample.js';
import type { InsideSample, InsideSockets } from '../sample.js';
import { Tally } from '../tally.js';
import type { Files } from './files.js';

const SYSCTL = '/proc/sys/net/netfilter/nf_conntrack_';
const NEVER_READ = 'not among what can be read this way';

export type DecodedFiles = Pick<
  InsideSample,
  'sockets' | 'kernel' | 'conntrack' | 'interfaces' | 'routes' | 'routeMtus' | 'resolver' | 'libc' | 'missing'
>;

/** What the files of a network tell, as the probe has it; what is not among them is null and said to be missing. */
export function decodeFiles(files: Files): DecodedFiles {
  const decoded = {
    sockets: socketsOf(files),
    kernel: kernelOf(files),
    conntrack: conntrackOf(files),
    interfaces: interfacesOf(files),
    routes: files.has('/proc/net/route') ? routesOf(files) : null,
    resolver: files.has('/etc/resolv.conf') ? parseResolvConf(files.get('/etc/resolv.conf') ?? '') : null,
  };
  const missing = Object.entries(decoded).flatMap(([name, value]) =>
    value === null ? [`${name}: ${NEVER_READ}`] : [],
  );
  return { ...decoded, routeMtus: null, libc: null, missing: [...missing, `MTU of routes: ${NEVER_READ}`] };
}

function socketsOf(files: Files): InsideSockets | null {
  const v4 = files.get('/proc/net/tcp');
  if (v4 === undefined) return null;
  const tally = new Tally(new EdgeBook().begin(0));
  for (const table of [v4, files.get('/proc/net/tcp6') ?? ''])
    decodeTcpTable(Buffer.from(table, 'latin1'), (row) => tally.add(row));
  return { ...tally.summary(undefined), means: '/proc/net/tcp inside' };
}

function kernelOf(files: Files): KernelSample | null {
  const read = parseCounters(`${files.get('/proc/net/snmp') ?? ''}\n${files.get('/proc/net/netstat') ?? ''}`);
  if (read.size === 0) return null;
  const counters = Object.fromEntries(KERNEL_COUNTERS.map((name) => [name, read.get(name) ?? null]));
  return { counters: counters as KernelSample['counters'], means: '/proc/net/snmp, netstat inside' };
}

function conntrackOf(files: Files): ConntrackSample | null {
  const [count, max] = ['count', 'max'].map((name) => numberIn(files, `${SYSCTL}${name}`));
  if (count == null || max == null) return null;
  const timeouts = [...files.keys()].flatMap((path) => {
    const seconds = path.startsWith(SYSCTL) && path.includes('timeout') ? numberIn(files, path) : null;
    return seconds === null ? [] : [[path.slice(SYSCTL.length), seconds] as const];
  });
  return {
    ...{ count, max, fill: conntrackFill(count, max) },
    ...{ drop: null, earlyDrop: null, insertFailed: null },
    timeouts: Object.fromEntries(timeouts),
  };
}

function interfacesOf(files: Files): NetworkInterface[] | null {
  const found = [...files.keys()].flatMap((path): NetworkInterface[] => {
    const name = /^\/sys\/class\/net\/([^/]+)\/mtu$/.exec(path)?.[1];
    const mtu = numberIn(files, path);
    if (name === undefined || mtu === null) return [];
    const state = files.get(`/sys/class/net/${name}/operstate`)?.trim();
    const loopback = name === 'lo';
    // A loopback's state is `unknown` for good.
    const running = state === 'up' || (loopback && state === 'unknown');
    return [{ name, mtu, up: running || state !== 'down', running, loopback }];
  });
  return found.length > 0 ? found : null;
}

function routesOf(files: Files) {
  return [
    ...parseRoutes(files.get('/proc/net/route') ?? ''),
    ...parseRoutes6(files.get('/proc/net/ipv6_route') ?? ''),
  ];
}

function numberIn(files: Files, path: string): number | null {
  const text = files.get(path)?.trim() ?? '';
  return /^\d+$/.test(text) ? Number(text) : null;
}
