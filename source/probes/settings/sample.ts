/** What somebody set on this host, and how near its processes are to what they may open. Null is unknown. */

import type { NatRule } from '../../linux/nat-rules.js';
import type { ResolvConf } from '../../linux/resolver/resolv-conf.js';

export interface SettingsSample {
  /** /etc/resolv.conf, as a C library reads it. */
  readonly resolver: ResolvConf | null;
  /** Interfaces of the host's own network, loopback left out. */
  readonly interfaces: readonly HostInterface[];
  /** The interface that the default route leads out of; null where there is none. */
  readonly defaultDevice: string | null;
  /** net.ipv4.tcp_keepalive_time: seconds until a connection that asked for keep-alive sends the first. */
  readonly keepAliveSeconds: number | null;
  /** Rules that translate source addresses; null where they cannot be read, and on a host without a bridge. */
  readonly nat: readonly NatRule[] | null;
  /** Processes that have half or more of the files open that they may, most first, at most 20. */
  readonly files: readonly OpenFiles[];
}

export interface HostInterface {
  readonly name: string;
  /** Bytes of the largest packet that it sends whole. */
  readonly mtu: number;
  readonly addresses: readonly string[];
  /** The same as networks, IPv4 alone: `172.18.0.1/16`. */
  readonly networks: readonly string[];
  readonly bridge: boolean;
}

export interface OpenFiles {
  readonly pid: number;
  readonly process: string;
  readonly open: number;
  /** Soft limit (RLIMIT_NOFILE). */
  readonly limit: number;
}
