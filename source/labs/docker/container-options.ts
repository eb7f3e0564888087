import type { ContainerCreateOptions } from 'dockerode';
import { memberLabels } from './labels.js';
import { MEMBERS, type Member, REPLICAS } from './members.js';
import { DATABASE_NAME, PARAMETERS } from './parameters.js';
import type { LabNetwork } from './subnet.js';

const LOOPBACK = '127.0.0.1';
const PROGRAMS = '/opt/faultline';

/** What containers of one lab are made from. */
export interface LabPlan {
  readonly id: string;
  readonly image: string;
  readonly network: LabNetwork;
  /** Of 127.0.0.1. */
  readonly ports: {
    readonly app: number;
    readonly resolver: number;
    readonly database: number;
    readonly cache: number;
  };
  readonly database: {
    readonly database: string;
    readonly user: string;
    readonly password: string;
    readonly superuser: string;
    readonly superuserPassword: string;
  };
}

/** What is particular to one member. */
interface Part {
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly user?: string;
  /** `53/udp` and the port of 127.0.0.1 that it is published on. */
  readonly publish?: Readonly<Record<string, number>>;
  readonly stopSignal?: string;
  readonly hosts?: readonly string[];
}

export const addressIn = ({ prefix }: LabNetwork, name: string): string => {
  const member = MEMBERS.find((one) => one.name === name);
  if (!member) throw new Error(`the lab has no ${name}; it has ${MEMBERS.map((one) => one.name).join(', ')}`);
  return `${prefix}.${member.host}`;
};

/** What Docker is told to make a member of the lab. */
export function containerOptions(plan: LabPlan, member: Member, name: string): ContainerCreateOptions {
  const part = partOf(plan, member);
  const publish = Object.entries(part.publish ?? {});
  return {
    name,
    Hostname: member.name,
    Image: plan.image,
    Entrypoint: [...part.command],
    Cmd: [],
    Env: Object.entries(part.env ?? {}).map(([key, value]) => `${key}=${value}`),
    User: part.user ?? '',
    Labels: { ...memberLabels(plan.id, member) },
    // Python and nginx end at once on this one; PostgreSQL throws its clients out instead of waiting for them.
    StopSignal: part.stopSignal ?? 'SIGINT',
    StopTimeout: 5,
    ExposedPorts: Object.fromEntries(publish.map(([port]) => [port, {}])),
    HostConfig: {
      PortBindings: Object.fromEntries(
        publish.map(([port, host]) => [port, [{ HostIp: LOOPBACK, HostPort: String(host) }]]),
      ),
      ExtraHosts: [...(part.hosts ?? [])],
      LogConfig: { Type: 'json-file', Config: { 'max-size': '8m', 'max-file': '1' } },
      NetworkMode: plan.network.name,
    },
    NetworkingConfig: {
      EndpointsConfig: {
        [plan.network.name]: {
          IPAMConfig: { IPv4Address: addressIn(plan.network, member.name) },
          Aliases: [member.name],
        },
      },
    },
  };
}

function partOf(plan: LabPlan, { name, role }: Member): Part {
  const { network, ports, database } = plan;
  switch (role) {
    case 'app':
      return {
        command: ['sh', `${PROGRAMS}/app/entry.sh`],
        // Asks its worker to end, and ends it when it does not (gunicorn's graceful_timeout).
        stopSignal: 'SIGTERM',
        env: {
          LAB_SERVICE: name,
          LAB_RESOLVER: addressIn(network, 'resolver'),
          LAB_RESOLVER_OPTIONS: PARAMETERS.resolverOptions,
          LAB_SLOTS: String(PARAMETERS.slots),
          LAB_BULKHEAD: String(PARAMETERS.bulkhead),
          LAB_REPLICAS: String(PARAMETERS.replicas),
          LAB_DATABASE_NAME: DATABASE_NAME,
          LAB_DATABASE: database.database,
          LAB_DATABASE_USER: database.user,
          LAB_DATABASE_PASSWORD: database.password,
        },
      };
    case 'database':
      return {
        command: ['sh', `${PROGRAMS}/postgres/entry.sh`],
        user: 'postgres',
        env: {
          LAB_DATABASE_PASSWORD: database.password,
          LAB_SUPERUSER_PASSWORD: database.superuserPassword,
          // For psql by hand: the document's `psql -U todouser -c "SELECT 1;"` names no database.
          PGDATABASE: database.database,
        },
        publish: { '5432/tcp': ports.database },
      };
    case 'cache':
      return {
        command: ['redis-server', '--save', '', '--appendonly', 'no', '--protected-mode', 'no'],
        user: 'redis',
        publish: { '6379/tcp': ports.cache },
      };
    case 'resolver':
      return {
        command: [
          ...['python3', `${PROGRAMS}/resolver/forwarder.py`],
          ...['--service-ms', String(PARAMETERS.serviceMs), '--queue', String(PARAMETERS.queue)],
        ],
        publish: { '53/udp': ports.resolver, '53/tcp': ports.resolver },
      };
    case 'proxy':
      return {
        command: ['nginx', '-c', `${PROGRAMS}/gateway/nginx.conf`],
        hosts: [...REPLICAS, 'visitors'].map((one) => `${one}:${addressIn(network, one)}`),
        publish: { '80/tcp': ports.app },
      };
    case 'client':
      return { command: ['python3', `${PROGRAMS}/visitors/visitors.py`] };
  }
}
