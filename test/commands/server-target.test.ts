import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseOptions } from '../../source/commands/arguments/options.js';
import { passwordFor } from '../../source/commands/arguments/server-password.js';
import { readWatchSettings, WATCH_OPTIONS } from '../../source/commands/arguments/watch-options.js';

const read = (...urls: readonly string[]) =>
  readWatchSettings(
    parseOptions(
      urls.flatMap((url) => ['--target', url]),
      WATCH_OPTIONS,
    ),
  );
const login = { host: '10.0.0.2', port: 5432, database: 'shop', user: 'anna' };

afterEach(() => vi.unstubAllEnvs());

describe('a target that is a server', () => {
  it('is entered with the password of the environment', () => {
    vi.stubEnv('PGPASSWORD', 'hush');
    vi.stubEnv('REDISCLI_AUTH', 'quiet');
    const { databases, redis, mysql, targets } = read(
      'postgres://anna@10.0.0.2/shop',
      'redis://cache',
      'mysql://db:3307',
    );
    expect(databases).toEqual([{ kind: 'postgres', ...login, password: 'hush' }]);
    expect(redis).toEqual([{ host: 'cache', port: 6379, password: 'quiet' }]);
    expect(mysql).toEqual([{ host: 'db', port: 3307 }]);
    expect(targets).toEqual([]);
  });

  it.each([
    'postgres://anna:hush@10.0.0.2/shop',
    'redis://:hush@cache',
    'redis://hush@cache',
    'mysql://root:hush@db',
    'postgres://anna@10.0.0.2/shop?password=hush',
    'postgres://an:hu/sh@10.0.0.2/shop',
  ])('with a password in it is refused, and that is not said again', (typed) => {
    let said = '';
    try {
      read(typed);
    } catch (error) {
      said = String((error as Error).message);
    }
    expect(said).toContain('--target');
    expect(said).not.toContain('hu');
  });

  it('names a user where there is one to be, and one Redis', () => {
    expect(() => read('postgres://10.0.0.2/shop')).toThrow('names no user');
    expect(() => read('redis://a', 'redis://b')).toThrow('one Redis server');
  });
});

describe('the password for a login', () => {
  const folder = mkdtempSync(join(tmpdir(), 'faultline-pgpass-'));
  const file = join(folder, 'pgpass');
  const withFile = (text: string, mode = 0o600) => {
    writeFileSync(file, text);
    chmodSync(file, mode);
    return passwordFor('postgres', login, { PGPASSFILE: file });
  };

  it("is that of PGPASSWORD, of the password file, of FAULTLINE_PASSWORD, in libpq's order", () => {
    expect(withFile('# mine\nother:5432:*:anna:no\n10.0.0.2:*:shop:anna:a\\:b\\\\c\n*:*:*:*:last\n')).toBe(
      'a:b\\c',
    );
    expect(withFile('10.0.0.2:5432:shop:bob:no\n')).toBe('');
    expect(passwordFor('postgres', login, { PGPASSFILE: file, PGPASSWORD: 'env' })).toBe('env');
    expect(passwordFor('postgres', login, { PGPASSFILE: file, FAULTLINE_PASSWORD: 'own' })).toBe('own');
    expect(passwordFor('redis', login, { PGPASSWORD: 'env', FAULTLINE_PASSWORD: 'own' })).toBe('own');
  });

  it('is not read from a file that others may read', () => {
    expect(withFile('*:*:*:*:open\n', 0o644)).toBe('');
    rmSync(folder, { recursive: true });
    expect(passwordFor('postgres', login, { PGPASSFILE: file })).toBe('');
  });
});
