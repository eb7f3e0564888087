import { type NameToLookUp, WATCH_NOTHING_MORE, type WatchSettings } from '../probes/watch-settings.js';
import type { LabAddresses } from './lab.js';

/** Paths of the lab's application that a customer would ask for. */
const PATHS = ['/', '/test-db', '/todos'];
/** Name by which the containers' application asks for Redis. */
const REDIS_NAME = 'redis.lab.internal';
/** TCP ports as the programs of the containers listen on them. */
const PORTS = { gateway: 80, app: 5000, postgres: 5432, redis: 6379, resolver: 53 } as const;

/** What a lab of child processes tells of itself: its endpoints, the name it asks for, its database's login. */
export function labSettings(addresses: LabAddresses): WatchSettings {
  const { appUrl, resolver, databaseName, database, redis } = addresses;
  const { superuser, superuserPassword, ...login } = database;
  const server = partsOf(resolver);
  return {
    ...WATCH_NOTHING_MORE,
    workloadsOnly: true,
    targets: PATHS.map((path) => ({ name: `GET ${path}`, url: `${appUrl}${path}` })),
    names: [{ name: databaseName, inside: null, server: { address: server.host, port: server.port } }],
    databases: [{ kind: 'postgres', ...login, reserve: { user: superuser, password: superuserPassword } }],
    redis: redis === undefined ? [] : [partsOf(redis)],
  };
}

/**
 * What the lab of containers tells of itself: its applications connect and ask for each request, so that their sockets
 * seldom show whom they need.
 */
export function containerSettings(addresses: LabAddresses, app: string): WatchSettings {
  const settings = labSettings(addresses);
  const asked = (name: string): NameToLookUp => ({ name, inside: app, server: null });
  return {
    ...settings,
    names: [...settings.names, asked(addresses.databaseName), asked(REDIS_NAME)],
    edges: [
      { source: 'visitors', target: 'gateway', port: PORTS.gateway },
      { source: 'gateway', target: app, port: PORTS.app },
      ...(['postgres', 'redis', 'resolver'] as const).map((target) => ({
        source: app,
        target,
        port: PORTS[target],
      })),
    ],
  };
}

/** The two parts of `address:port`. */
function partsOf(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}
