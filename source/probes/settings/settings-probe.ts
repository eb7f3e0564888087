import { existsSync, readdirSync } from 'node:fs';
import { hostname, type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { parseRoutes } from '../../linux/namespace/routes.js';
import { countFds } from '../../linux/process/process-fds.js';
import { parseOpenFileLimit } from '../../linux/process/process-limits.js';
import { nameOfProcess } from '../../linux/process/socket-holders.js';
import { tryReadNumber, tryReadText } from '../../linux/read-text.js';
import { parseResolvConf } from '../../linux/resolver/resolv-conf.js';
import { type Probe, Unavailable } from '../probe.js';
import { readNatRules } from './nat-probe.js';
import type { HostInterface, OpenFiles, SettingsSample } from './sample.js';

/** What somebody sets once is read so seldom (ms). */
const INTERVAL_MS = 60_000;
/** Processes looked at in one run: 0.05 ms each. */
const MOST_PROCESSES = 2_000;
const MOST_TOLD = 20;
/** From this share of its limit on a process is told of. */
const WORTH_TELLING = 0.5;

type OwnAddress = Pick<NetworkInterfaceInfo, 'address' | 'internal' | 'cidr'>;

export interface SettingsProbeOptions {
  readonly proc?: string;
  readonly sys?: string;
  readonly resolvConf?: string;
  readonly addresses?: () => NodeJS.Dict<readonly OwnAddress[]>;
  readonly natRules?: (signal: AbortSignal) => Promise<SettingsSample['nat']>;
  /** Files that a process has open; null where that is not ours to know. */
  readonly openFilesOf?: (pid: number) => number | null;
  readonly platform?: NodeJS.Platform;
}

/** Settings of the host that decide what will fail one day: read once a minute, and changed never. */
export function createSettingsProbe(options: SettingsProbeOptions = {}): Probe<SettingsSample> {
  const { proc = '/proc', sys = '/sys', resolvConf = '/etc/resolv.conf' } = options;
  return {
    id: 'settings',
    cost: 'table',
    intervalMs: INTERVAL_MS,
    timeoutMs: 5_000,
    async run({ signal }): Promise<SettingsSample> {
      if ((options.platform ?? process.platform) !== 'linux')
        throw new Unavailable('not-supported', 'these settings are files of the Linux kernel');
      const text = tryReadText(resolvConf);
      const routes = parseRoutes(tryReadText(`${proc}/net/route`) ?? '');
      const outward = routes
        .filter(({ destination, reject }) => destination === '0.0.0.0/0' && !reject)
        .sort((a, b) => a.metric - b.metric)[0];
      const interfaces = interfacesIn(sys, (options.addresses ?? networkInterfaces)());
      const natRules = options.natRules ?? ((stop: AbortSignal) => readNatRules(stop, proc));
      return {
        resolver: text === undefined ? null : parseResolvConf(text, { hostname: hostname() }),
        interfaces,
        defaultDevice: outward?.interface ?? null,
        keepAliveSeconds: tryReadNumber(`${proc}/sys/net/ipv4/tcp_keepalive_time`),
        nat: interfaces.some(({ bridge }) => bridge) ? await natRules(signal) : null,
        files: openFilesIn(proc, options.openFilesOf ?? ((pid) => countFds(pid, proc))),
      };
    },
  };
}

function interfacesIn(sys: string, byName: NodeJS.Dict<readonly OwnAddress[]>): HostInterface[] {
  return Object.entries(byName).flatMap(([name, addresses = []]) => {
    const mtu = tryReadNumber(`${sys}/class/net/${name}/mtu`);
    if (mtu === null || addresses.every(({ internal }) => internal)) return [];
    return [
      {
        ...{ name, mtu, addresses: addresses.map(({ address }) => address) },
        networks: addresses.flatMap(({ cidr }) => (cidr?.includes('.') ? [cidr] : [])),
        bridge: existsSync(`${sys}/class/net/${name}/bridge`),
      },
    ];
  });
}

/** Whoever is near its soft limit; another user's processes are counted as far as we may look. */
function openFilesIn(proc: string, openFilesOf: (pid: number) => number | null): OpenFiles[] {
  return pidsIn(proc)
    .flatMap((pid): OpenFiles[] => {
      const limit = parseOpenFileLimit(tryReadText(`${proc}/${pid}/limits`) ?? '');
      const open = limit === null ? null : openFilesOf(pid);
      if (limit === null || open === null || open < WORTH_TELLING * limit) return [];
      return [{ pid, process: nameOfProcess(pid, proc), open, limit }];
    })
    .sort((a, b) => b.open / b.limit - a.open / a.limit)
    .slice(0, MOST_TOLD);
}

function pidsIn(proc: string): number[] {
  try {
    return readdirSync(proc)
      .map(Number)
      .filter((pid) => Number.isInteger(pid) && pid !== process.pid)
      .slice(0, MOST_PROCESSES);
  } catch {
    return [];
  }
}
