import { describe, expect, it } from 'vitest';
import { parseBackendTitle } from '../../../source/probes/datastores/slots/backend-title.js';
import { holdersOf } from '../../../source/probes/datastores/slots/holders.js';
import { mysqlLimits } from '../../../source/probes/datastores/slots/mysql-limits.js';
import {
  type ProcessFiles,
  postgresLimits,
} from '../../../source/probes/datastores/slots/postgres-limits.js';

const files = (all: Readonly<Record<string, string>>): ProcessFiles => ({
  read: (path) => all[path] ?? null,
  list: (folder) =>
    Object.keys(all)
      .filter((path) => path.startsWith(`${folder}/`))
      .map((path) => path.slice(folder.length + 1)),
});

describe("titles of PostgreSQL's processes", () => {
  it.each([
    ['postgres: shop orders 172.18.0.1(45678) idle', { user: 'shop', peer: '172.18.0.1', doing: 'idle' }],
    [
      'postgres: 15/main: shop orders [local] idle in transaction',
      { user: 'shop', peer: 'local', doing: 'idle in transaction' },
    ],
    ['postgres: shop orders ::1(51234) SELECT\0\0\0', { user: 'shop', peer: '::1', doing: 'SELECT' }],
    ['postgres: checkpointer ', undefined],
    ['postgres: logical replication launcher', undefined],
    ['postgres: walsender replica 10.0.0.2(1234) streaming 0/3000148', undefined],
    ['/usr/lib/postgresql/15/bin/postgres -D /data', undefined],
  ])('%s', (title, backend) => {
    expect(parseBackendTitle(title)).toEqual(backend);
  });

  it('count whose connections they are', () => {
    const backends = ['172.18.0.1(1) idle', '172.18.0.1(2) idle', '172.18.0.5(3) SELECT'].map((rest) =>
      parseBackendTitle(`postgres: shop orders ${rest}`),
    );
    const all = backends.flatMap((one) => one ?? []);
    expect(holdersOf(all, [], (peer) => (peer === '172.18.0.5' ? 'app' : null))).toEqual([
      { peer: '172.18.0.1', count: 2, who: null, detail: 'role shop, idle' },
      { peer: '172.18.0.5', count: 1, who: 'app', detail: 'role shop, SELECT' },
    ]);
  });
});

describe('how many connections a server may have', () => {
  it('PostgreSQL: command line above postgresql.auto.conf above postgresql.conf and what it includes', () => {
    const main = "max_connections = 50 # said so\ninclude_dir = 'conf.d'\nsuperuser_reserved_connections=2\n";
    const all = { '/data/postgresql.conf': main, '/data/conf.d/a.conf': "max_connections = '60'" };
    expect(postgresLimits(['postgres'], '/data', files(all))).toEqual({ most: 60, reserved: 2 });
    const auto = { ...all, '/data/postgresql.auto.conf': 'max_connections = 70' };
    expect(postgresLimits(['postgres'], '/data', files(auto)).most).toBe(70);
    expect(postgresLimits(['postgres', '-c', 'max_connections=80'], '/data', files(auto)).most).toBe(80);
    expect(postgresLimits(['postgres', '-N', '90'], '/data', files(auto)).most).toBe(90);
  });

  it('PostgreSQL as Debian starts it, and with nothing said', () => {
    const command = ['postgres', '-D', '/var/lib/15', '-c', 'config_file=/etc/15/postgresql.conf'];
    expect(postgresLimits(command, '/', files({ '/etc/15/postgresql.conf': 'port = 5433' }))).toEqual({
      most: 100,
      reserved: 3,
    });
    expect(postgresLimits(['postgres'], '/data', files({})).most).toBeNull();
  });

  it('ends where files include each other', () => {
    const all = { '/data/postgresql.conf': "include 'postgresql.conf'\nmax_connections = 5" };
    expect(postgresLimits(['postgres'], '/data', files(all)).most).toBe(5);
    const mysql = { '/etc/my.cnf': '!include /etc/my.cnf\n[mysqld]\nmax_connections=7' };
    expect(mysqlLimits(['mysqld'], files(mysql)).most).toBe(7);
  });

  it('MySQL and MariaDB: option files, the groups of a server alone, and the command line', () => {
    const all = {
      '/etc/mysql/my.cnf': '[client]\nmax_connections=1\n!includedir /etc/mysql/conf.d',
      '/etc/mysql/conf.d/a.cnf': '[mysqld]\nmax-connections = 20',
    };
    expect(mysqlLimits(['mysqld'], files(all))).toEqual({ most: 20, reserved: 0 });
    expect(mysqlLimits(['mariadbd', '--max_connections=10'], files(all)).most).toBe(10);
    expect(mysqlLimits(['mysqld'], files({ '/etc/my.cnf': '' })).most).toBe(151);
    expect(mysqlLimits(['mysqld'], files({})).most).toBeNull();
  });
});
