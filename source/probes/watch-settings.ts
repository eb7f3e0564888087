import { isIP } from 'node:net';
import { shownUrl } from '../secrets.js';
import type { DnsServer } from './dns/exchange.js';
import { endpointOf } from './http/endpoint.js';
import { type Environment, wayTo } from './http/proxy.js';
import type { ConfiguredEdge } from './matrix/edges/wanted-edges.js';

/** An HTTP target and the short name that it goes by: `GET /todos`. Its URL may hold secrets: it is asked, never shown. */
export interface HttpTarget {
  readonly name: string;
  readonly url: string;
  /** An authority (PEM) that vouches for it besides those that this host trusts. */
  readonly ca?: string;
}

/** A name whose lookups are timed. */
export interface NameToLookUp {
  readonly name: string;
  /** Container, or compose service, whose applications ask for it; null for this host. */
  readonly inside: string | null;
  /** Who is asked instead of the client's own resolvers; null for those. */
  readonly server: DnsServer | null;
}

export interface PostgresLogin {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password: string;
}

/** A PostgreSQL server, entered as its application enters it. */
export interface PostgresTarget extends PostgresLogin {
  readonly kind: 'postgres';
  /** Counts the connections where the ordinary login is turned away: a role with reserved slots. */
  readonly reserve?: Pick<PostgresLogin, 'user' | 'password'>;
}

/**
 * What a session is told to watch besides what it sees by itself. Options of the command line say it on any host, and
 * a lab says it of itself in the same words: there is no other way by which a probe learns of a lab.
 */
export interface WatchSettings {
  readonly targets: readonly HttpTarget[];
  readonly names: readonly NameToLookUp[];
  /** Who needs whom among containers, by container or compose service, where no socket need show it. */
  readonly edges: readonly ConfiguredEdge[];
  readonly databases: readonly PostgresTarget[];
  readonly redis: readonly { readonly host: string; readonly port: number; readonly password?: string }[];
  /** MySQL servers whose greeting is read, where nothing else shows them; absent: none. */
  readonly mysql?: readonly { readonly host: string; readonly port: number }[];
  /** The workloads are all there is to watch: what other programs of the host do is left out. */
  readonly workloadsOnly?: true;
}

/** Nothing but what is seen. */
export const WATCH_NOTHING_MORE: WatchSettings = {
  targets: [],
  names: [],
  edges: [],
  databases: [],
  redis: [],
};

/** Settings of several sources as one. */
export function joinSettings(...all: readonly WatchSettings[]): WatchSettings {
  return {
    targets: all.flatMap(({ targets }) => targets),
    names: all.flatMap(({ names }) => names),
    edges: all.flatMap(({ edges }) => edges),
    databases: all.flatMap(({ databases }) => databases),
    redis: all.flatMap(({ redis }) => redis),
    ...(all.some(({ workloadsOnly }) => workloadsOnly) ? { workloadsOnly: true as const } : {}),
    ...(all.some(({ mysql }) => mysql) ? { mysql: all.flatMap(({ mysql = [] }) => mysql) } : {}),
  };
}

/**
 * A target as it is typed: `GET host/path` is short enough for a row, and still one target. Values of its query, which
 * may be tokens, are not in the name.
 */
export function targetOf(url: string): HttpTarget {
  const shown = shownUrl(url);
  const name = shown.startsWith('tcp:')
    ? shown.replace('tcp://', 'tcp ')
    : `GET ${shown.replace(/^https?:\/\//, '')}`;
  return { name, url };
}

/** Targets as they are typed; those that differ in what is not shown are numbered: `GET host/?page=… (2)`. */
export function targetsOf(urls: readonly string[]): HttpTarget[] {
  const seen = new Map<string, number>();
  return urls.map((url) => {
    const { name } = targetOf(url);
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    return { name: nth === 1 ? name : `${name} (${nth})`, url };
  });
}

/** Hosts of URLs that have a name for DNS to answer here: by a proxy it is the proxy that looks them up. */
export function hostsOf(targets: readonly string[], env: Environment = process.env): string[] {
  const hosts = targets.map(endpointOf).flatMap((target) => wayTo(target, env).proxy?.host ?? target.host);
  return [...new Set(hosts)].filter((host) => host !== '' && isIP(host) === 0 && host !== 'localhost');
}
