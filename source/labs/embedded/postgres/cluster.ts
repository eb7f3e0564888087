import { chmodSync, chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import type { LabGuard } from '../../../engines/embedded/lab-guard.js';
import type { ServiceSpec } from '../../../engines/embedded/service-spec.js';
import { initdbReason } from '../why-not-started.js';
import type { PostgresBinaries } from './binaries.js';
import type { RunAs } from './run-as.js';

const INITDB_TIMEOUT_MS = 60_000;

export interface Cluster {
  readonly binaries: PostgresBinaries;
  /** The lab's temporary directory; the data goes into `data` below it. */
  readonly temp: string;
  readonly port: number;
  readonly user: RunAs | undefined;
  readonly superuser: string;
  readonly superuserPassword: string;
}

/**
 * Dynamic shared memory as files of the data folder, which go with it: as POSIX objects they would stay in /dev/shm,
 * under random names, after a PostgreSQL or an initdb that was killed.
 */
const DYNAMIC_SHARED_MEMORY = { dynamic_shared_memory_type: 'mmap' };

/**
 * Creates the database cluster: no locale and no sync, because it lives as long as the lab (0.6 s instead of 1.3 s).
 * Rejects with what initdb said.
 */
export async function createCluster(cluster: Cluster, guard: LabGuard, signal?: AbortSignal): Promise<void> {
  const { temp, user, superuser } = cluster;
  const data = join(temp, 'data');
  const password = join(temp, 'superuser-password');
  mkdirSync(data, { mode: 0o700 });
  writeFileSync(password, `${cluster.superuserPassword}\n`, { mode: 0o600 });
  if (user !== undefined) for (const path of [data, password]) chownSync(path, user.uid, user.gid);
  chmodSync(data, 0o700);
  const running = execa(
    cluster.binaries.initdb,
    [
      `--pgdata=${data}`,
      `--username=${superuser}`,
      `--pwfile=${password}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--no-locale',
      '--no-sync',
      '--no-instructions',
      ...settingWords(DYNAMIC_SHARED_MEMORY),
    ],
    {
      cwd: temp,
      env: { LC_ALL: 'C' },
      stdin: 'ignore',
      timeout: INITDB_TIMEOUT_MS,
      ...(user && { uid: user.uid, gid: user.gid }),
      ...(signal && { cancelSignal: signal }),
    },
  );
  const forget = running.pid === undefined ? () => {} : guard.track('initdb', running.pid, 'SIGTERM');
  try {
    await running;
  } catch (error) {
    const { stderr, shortMessage } = error as { stderr?: string; shortMessage?: string };
    const said = initdbReason(stderr ?? '') || shortMessage;
    throw new Error(`PostgreSQL could not create its cluster in ${data}: ${said}`);
  } finally {
    forget();
  }
}

/** The server as a service: loopback only, no unix socket, 100 connections of which 3 are the superuser's. */
export function postgresService(cluster: Cluster): ServiceSpec {
  const settings = {
    ...DYNAMIC_SHARED_MEMORY,
    port: cluster.port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 100,
    superuser_reserved_connections: 3,
    reserved_connections: 0,
    shared_buffers: '16MB',
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    autovacuum: 'off',
    io_method: 'sync',
    wal_level: 'minimal',
    max_wal_senders: 0,
    logging_collector: 'off',
    log_line_prefix: '',
  };
  return {
    name: 'postgres',
    command: cluster.binaries.postgres,
    args: () => ['-D', join(cluster.temp, 'data'), ...settingWords(settings)],
    env: () => ({ LC_ALL: 'C' }),
    ...(cluster.user && { user: cluster.user }),
    ports: [{ protocol: 'tcp', port: cluster.port }],
    readiness: { by: 'line', pattern: /database system is ready to accept connections/ },
    readyTimeoutMs: 20_000,
    // Fast shutdown (PostgreSQL manual, 18.5): sessions are ended, and its shared memory is given back.
    stopSignal: 'SIGINT',
    stopTimeoutMs: 5_000,
  };
}

const settingWords = (settings: Readonly<Record<string, string | number>>): readonly string[] =>
  Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
