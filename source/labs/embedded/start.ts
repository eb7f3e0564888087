import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { EmbeddedEngine } from '../../engines/embedded/embedded-engine.js';
import { type LabGuard, openGuard } from '../../engines/embedded/lab-guard.js';
import { reapDeadLabs } from '../../engines/embedded/settle.js';
import type { EmbeddedLab, LabAddresses, LabProgress } from '../lab.js';
import { nativeFolder, usableBinaries } from './postgres/binaries.js';
import { type Cluster, createCluster, postgresService } from './postgres/cluster.js';
import { fillDatabase } from './postgres/fill.js';
import { unprivilegedUser } from './postgres/run-as.js';
import { type MutableSettings, runningLab } from './running-lab.js';
import { appService, resolverService, visitorsService } from './services.js';
import { tempParent } from './temp-parent.js';
import { whyNotStarted } from './why-not-started.js';

const LOOPBACK = '127.0.0.1';
const DATABASE_NAME = 'postgres.lab.internal';

export interface LabOptions {
  readonly progress: LabProgress;
  /** Aborting gives the start up and cleans up; after the start it does nothing. */
  readonly signal?: AbortSignal;
}

/**
 * Starts resolver, PostgreSQL, application and background traffic on free ports of 127.0.0.1, in 2 to 3 s. Labs that a
 * dead console left behind are ended first. Rejects with an Error that names the cause and the next step, or with
 * the signal's reason; then nothing is left of the start.
 */
export async function startLab(options: LabOptions): Promise<EmbeddedLab> {
  const { signal, progress } = options;
  signal?.throwIfAborted();
  await reapDeadLabs();
  const user = unprivilegedUser();
  const native = nativeFolder();
  const guard = openGuard(randomBytes(6).toString('hex'), tempParent(user !== undefined));
  const engine = new EmbeddedEngine(guard);
  const abort = (): void => void engine.close().catch(() => {});
  signal?.addEventListener('abort', abort, { once: true });
  try {
    mkdirSync(guard.tempDir);
    chmodSync(guard.tempDir, 0o711);
    progress({ text: 'finding PostgreSQL', share: 0.05 });
    const cluster: Cluster = {
      binaries: usableBinaries(native, guard.tempDir, user !== undefined),
      temp: guard.tempDir,
      port: await freePort(),
      user,
      superuser: 'postgres',
      superuserPassword: secret(),
    };
    const lab = await startServices(engine, guard, cluster, options);
    signal?.throwIfAborted();
    progress({ text: 'the lab is up', share: 1 });
    return lab;
  } catch (error) {
    await engine.close();
    throw signal?.aborted ? signal.reason : whyNotStarted(error as NodeJS.ErrnoException, guard.tempDir);
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

/** The resolver comes up while the cluster is created; each then waits for what it needs. */
async function startServices(
  engine: EmbeddedEngine,
  guard: LabGuard,
  cluster: Cluster,
  { progress, signal }: LabOptions,
): Promise<EmbeddedLab> {
  const settings: MutableSettings = { hardening: new Set(), names: new Set([DATABASE_NAME]) };
  const database: LabAddresses['database'] = {
    host: LOOPBACK,
    port: cluster.port,
    database: 'tododb',
    user: 'todouser',
    password: secret(),
    superuser: cluster.superuser,
    superuserPassword: cluster.superuserPassword,
  };
  const portOf = (name: string): number =>
    engine.list().find((workload) => workload.name === name)?.ports[0]?.port ?? 0;
  const addresses = (): LabAddresses => ({
    appUrl: `http://${LOOPBACK}:${portOf('todo-app')}`,
    resolver: `${LOOPBACK}:${portOf('resolver')}`,
    databaseName: DATABASE_NAME,
    database,
  });
  engine.add(appService(addresses, settings));
  engine.add(resolverService(settings));
  engine.add(postgresService(cluster));
  engine.add(visitorsService(addresses));
  const databaseUp = async (): Promise<void> => {
    progress({ text: 'PostgreSQL: creating the cluster', share: 0.1 });
    await createCluster(cluster, guard, signal);
    progress({ text: 'PostgreSQL: starting', share: 0.6 });
    await engine.start('postgres');
    progress({ text: 'PostgreSQL: creating role, database and table', share: 0.8 });
    await fillDatabase(database);
  };
  const appUp = async (): Promise<void> => {
    await engine.start('resolver');
    progress({ text: 'resolver is up', share: 0.3 });
    await engine.start('todo-app');
    progress({ text: 'todo-app is up', share: 0.5 });
  };
  // Both are waited for even when one fails, so that nothing starts behind the clean-up.
  const outcomes = await Promise.allSettled([databaseUp(), appUp()]);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  await engine.start('visitors');
  return runningLab(engine, addresses(), settings);
}

/** PostgreSQL cannot be asked to take any port, so a free one is found for it. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, LOOPBACK, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function secret(): string {
  return randomBytes(18).toString('base64url');
}
