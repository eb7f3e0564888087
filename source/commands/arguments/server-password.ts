import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const MOST_BYTES = 64 * 1024;

export interface LoginWithoutPassword {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
}

/**
 * The password for a login, as its own client program finds it: PGPASSWORD, then PGPASSFILE or ~/.pgpass; for Redis
 * REDISCLI_AUTH; for either FAULTLINE_PASSWORD, last. Empty where there is none.
 */
export function passwordFor(
  kind: 'postgres' | 'redis',
  login: LoginWithoutPassword,
  env: NodeJS.ProcessEnv = process.env,
): string {
  const own = kind === 'postgres' ? (env.PGPASSWORD ?? fromPassFile(login, env)) : env.REDISCLI_AUTH;
  return own ?? env.FAULTLINE_PASSWORD ?? '';
}

/** PostgreSQL manual, 34.16: `host:port:database:user:password`, `*` for any, `\` before a `:` or `\` within a field. */
function fromPassFile(login: LoginWithoutPassword, env: NodeJS.ProcessEnv): string | undefined {
  const text = readPassFile(env.PGPASSFILE ?? join(homedir(), '.pgpass'));
  const wanted = [login.host, String(login.port), login.database, login.user];
  for (const line of text.split('\n')) {
    if (line.startsWith('#')) continue;
    const fields = [...line.replace(/\r$/, '').matchAll(/((?:\\.|[^:\\])*)(?::|$)/g)].map(([, field = '']) =>
      field.replace(/\\(.)/g, '$1'),
    );
    if (fields.length >= 5 && wanted.every((one, i) => fields[i] === '*' || fields[i] === one))
      return fields[4];
  }
  return undefined;
}

/** Empty for what is no plain file, or, as libpq has it, is open to others than its owner. */
function readPassFile(path: string): string {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = fstatSync(file);
      if (!stat.isFile() || (stat.mode & 0o077) !== 0) return '';
      const bytes = Buffer.alloc(MOST_BYTES);
      return bytes.toString('utf8', 0, readSync(file, bytes, 0, MOST_BYTES, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
