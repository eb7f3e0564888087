import { fileURLToPath } from 'node:url';
import type { ServicePort, ServiceSpec } from '../../engines/embedded/service-spec.js';
import type { LabAddresses } from '../lab.js';

/** What restarts must find as it was left: hardening that is on, names that the resolver knows. */
export interface LabSettings {
  readonly hardening: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

type Environment = (ports: readonly ServicePort[]) => Readonly<Record<string, string>>;

/** A service that is a Node program of this lab, run by the Node that runs the console. */
function nodeService(name: string, env: Environment): ServiceSpec {
  const script = fileURLToPath(new URL(`./${name}/main.js`, import.meta.url));
  return {
    name,
    command: process.execPath,
    args: () => [script],
    env: (ports) => ({ NODE_OPTIONS: '', LAB_PORT: String(ports[0]?.port ?? 0), ...env(ports) }),
    ports: [],
    readiness: { by: 'message' },
    readyTimeoutMs: 15_000,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 3_000,
  };
}

const joined = (ids: ReadonlySet<string>): string => [...ids].join(',');

export function resolverService(settings: LabSettings): ServiceSpec {
  return nodeService('resolver', () => ({
    LAB_NAMES: joined(settings.names),
    LAB_HARDENING: joined(settings.hardening),
  }));
}

/** How a client of the database is told where it is. */
function databaseSettings({ database }: LabAddresses): Record<string, string> {
  return {
    LAB_DATABASE_PORT: String(database.port),
    LAB_DATABASE: database.database,
    LAB_DATABASE_USER: database.user,
    LAB_DATABASE_PASSWORD: database.password,
  };
}

export function appService(addresses: () => LabAddresses, settings: LabSettings): ServiceSpec {
  return nodeService('todo-app', () => ({
    ...databaseSettings(addresses()),
    LAB_RESOLVER: addresses().resolver,
    LAB_DATABASE_NAME: addresses().databaseName,
    LAB_HARDENING: joined(settings.hardening),
  }));
}

export function visitorsService(addresses: () => LabAddresses): ServiceSpec {
  return nodeService('visitors', () => ({ LAB_APP_URL: addresses().appUrl }));
}

export function reportJobService(addresses: LabAddresses): ServiceSpec {
  return nodeService('report-job', () => databaseSettings(addresses));
}
