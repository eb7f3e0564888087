import type { DatastoreKind } from './sample.js';

/** What is known of a product before anything is seen of it. */
export interface KindOfDatastore {
  readonly kind: DatastoreKind;
  readonly title: string;
  /** Ports that are its own by IANA or by its documentation. */
  readonly ports: readonly number[];
  /** Names of its processes, as /proc/<pid>/comm has them (15 characters). */
  readonly commands: readonly string[];
  /** Last part of the names of its images, without tag. */
  readonly images: RegExp;
  /** Whether a process of that name may serve clients on a port other than those in `ports`. */
  readonly anyPort: boolean;
  /** Ports of such a process that are not for clients. */
  readonly notForClients: readonly number[];
  /**
   * `always`: a handshake that is not finished leaves no trace and no harm. `suspected`: it is logged as a warning,
   * takes a slot while it lasts, and MySQL blocks a host after 100 of them (max_connect_errors); so only when its
   * connections look sick, once a minute, ten times in all.
   */
  readonly asked: 'always' | 'suspected';
  /** Whether it tells a client for whom it has no room; RabbitMQ and MongoDB leave it waiting, or hang up. */
  readonly saysWhenFull: boolean;
}

export const KINDS: readonly KindOfDatastore[] = [
  {
    kind: 'postgres',
    title: 'PostgreSQL',
    ports: [5432],
    commands: ['postgres', 'postmaster'],
    images: /^(postgres|postgresql|postgis|timescaledb|pgvector|supabase-postgres)/,
    anyPort: true,
    notForClients: [],
    asked: 'always',
    saysWhenFull: true,
  },
  {
    kind: 'pgbouncer',
    title: 'PgBouncer',
    ports: [6432],
    commands: ['pgbouncer'],
    images: /^pgbouncer/,
    anyPort: true,
    notForClients: [],
    // log_disconnections is on by default: each look would be a line.
    asked: 'suspected',
    saysWhenFull: true,
  },
  {
    kind: 'mysql',
    title: 'MySQL',
    ports: [3306],
    commands: ['mysqld', 'mariadbd', 'mysqld_safe'],
    images: /^(mysql|mariadb|percona)/,
    anyPort: true,
    // X protocol and the administrator's own.
    notForClients: [33_060, 33_062],
    asked: 'suspected',
    saysWhenFull: true,
  },
  {
    kind: 'redis',
    title: 'Redis',
    ports: [6379],
    commands: ['redis-server', 'valkey-server', 'keydb-server'],
    images: /^(redis|valkey|keydb)/,
    anyPort: true,
    notForClients: [],
    asked: 'always',
    saysWhenFull: true,
  },
  {
    kind: 'amqp',
    title: 'RabbitMQ (AMQP)',
    ports: [5672],
    commands: ['beam.smp', 'qpidd'],
    images: /^rabbitmq/,
    anyPort: false,
    notForClients: [],
    asked: 'suspected',
    saysWhenFull: false,
  },
  {
    kind: 'mongodb',
    title: 'MongoDB',
    ports: [27_017],
    commands: ['mongod', 'mongos'],
    images: /^mongo/,
    anyPort: true,
    notForClients: [],
    asked: 'suspected',
    saysWhenFull: false,
  },
];

const BY_COMMAND = new Map(KINDS.flatMap((one) => one.commands.map((command) => [command, one] as const)));
const BY_PORT = new Map(KINDS.flatMap((one) => one.ports.map((port) => [port, one] as const)));
const BY_KIND = new Map(KINDS.map((one) => [one.kind, one] as const));

/** The product whose process has this name, or undefined. */
export const kindOfCommand = (command: string): KindOfDatastore | undefined => BY_COMMAND.get(command);

/** The product whose port this is, or undefined. */
export const kindOfPort = (port: number): KindOfDatastore | undefined => BY_PORT.get(port);

export const kindNamed = (kind: DatastoreKind): KindOfDatastore => BY_KIND.get(kind) as KindOfDatastore;

/** The product that an image holds, by the last part of its name: `docker.io/library/postgres:16` is PostgreSQL. */
export function kindOfImage(image: string): KindOfDatastore | undefined {
  const name = image.slice(0, 300).split('/').at(-1)?.split(/[:@]/)[0] ?? '';
  return KINDS.find(({ images }) => images.test(name));
}
