import { afterEach, describe, expect, it, vi } from 'vitest';
import { parseOptions } from '../../source/commands/arguments/options.js';
import { readWatchSettings, WATCH_OPTIONS } from '../../source/commands/arguments/watch-options.js';
import { WATCH_NOTHING_MORE, type WatchSettings } from '../../source/probes/watch-settings.js';

const read = (...argv: readonly string[]): WatchSettings =>
  readWatchSettings(parseOptions(argv, WATCH_OPTIONS));

afterEach(() => vi.unstubAllEnvs());

describe('what to watch', () => {
  it('is nothing more where nothing is given', () => {
    expect(read()).toEqual(WATCH_NOTHING_MORE);
  });

  it('is each HTTP target once, under a short name', () => {
    expect(read('--target', 'http://a.example/x?y', '--target', 'http://a.example/x?y').targets).toEqual([
      { name: 'GET a.example/x?…', url: 'http://a.example/x?y' },
    ]);
  });

  it.each<[string, WatchSettings['names'][number]]>([
    ['api.internal', { name: 'api.internal', inside: null, server: null }],
    ['api@10.0.0.2', { name: 'api', inside: null, server: { address: '10.0.0.2', port: 53 } }],
    ['api@10.0.0.2:5353', { name: 'api', inside: null, server: { address: '10.0.0.2', port: 5353 } }],
    ['api@fd00::2', { name: 'api', inside: null, server: { address: 'fd00::2', port: 53 } }],
    ['api@[fd00::2]:5353', { name: 'api', inside: null, server: { address: 'fd00::2', port: 5353 } }],
    ['web/_api.internal.', { name: '_api.internal.', inside: 'web', server: null }],
  ])('is the name %s', (typed, name) => {
    expect(read('--name', typed).names).toEqual([name]);
  });

  it.each([
    ['a b', '--name a b is not a name: write one like api.internal'],
    ['/api', 'is not a name'],
    ['-api', 'is not a name'],
    [`${'a'.repeat(64)}.b`, 'is not a name'],
    ['10.0.0.1', '--name 10.0.0.1 is an address: there is nothing to look up'],
    ['api@resolver', "--name api@resolver: what stands behind @ is the server's address"],
    ['api@10.0.0.2:99999', "the server's address"],
    ['web/api@10.0.0.2', 'a container asks its own resolvers: leave @10.0.0.2 out'],
  ])('is not the name %s', (typed, message) => {
    expect(() => read(`--name=${typed}`)).toThrow(message);
  });

  it('is a connection between containers', () => {
    expect(read('--edge', 'web,postgres:5432').edges).toEqual([
      { source: 'web', target: 'postgres', port: 5432 },
    ]);
    for (const typed of ['web', 'web,postgres', 'web,postgres:0', ',postgres:1', 'web,postgres:99999'])
      expect(() => read('--edge', typed)).toThrow(`--edge ${typed} is not two containers and a port`);
  });

  it('is a Redis server', () => {
    expect(read('--redis', 'redis://cache').redis).toEqual([{ host: 'cache', port: 6379 }]);
    expect(read('--redis', 'redis://[::1]:7000/').redis).toEqual([{ host: '::1', port: 7000 }]);
  });
});

describe('a database', () => {
  it('is its login, with what was left out', () => {
    expect(read('--database', 'postgresql://app:p%40ss@10.0.0.3:6432/shop').databases).toEqual([
      { kind: 'postgres', host: '10.0.0.3', port: 6432, user: 'app', password: 'p@ss', database: 'shop' },
    ]);
    vi.stubEnv('PGPASSWORD', 'from outside');
    expect(read('--database', 'postgres://app@db').databases).toEqual([
      { kind: 'postgres', host: 'db', port: 5432, user: 'app', password: 'from outside', database: 'app' },
    ]);
  });

  it('takes a second login for the reserved slots', () => {
    const [database] = read(
      ...['--database', 'postgres://app:one@db/shop', '--database', 'postgres://monitor:two@db/other'],
    ).databases;
    expect(database).toMatchObject({ user: 'app', reserve: { user: 'monitor', password: 'two' } });
  });

  it('is one', () => {
    const urls = ['postgres://a:secret@one', 'postgres://a:secret@two', 'postgres://b:secret@one'];
    const given = (some: readonly string[]) => () => read(...some.flatMap((url) => ['--database', url]));
    expect(given(urls)).toThrow('--database is given for one:5432 and for two:5432: one server');
    expect(given([urls[0], urls[2], urls[2]] as string[])).toThrow('more than two logins');
  });
});

describe('a login that cannot be read', () => {
  it.each([
    ['--database', 'app:s3cr3t@db', '--database does not begin with postgres://'],
    ['--database', 'mysql://app:s3cr3t@db/x', '--database does not begin with postgres://'],
    ['--database', 'postgres:app:s3cr3t@db', '--database does not begin with postgres://'],
    ['--database', 'postgres://app:s3cr3t/x@db/shop', '--database is not a URL: write postgres://'],
    ['--database', 'postgres://app:s3cr3t', '--database is not a URL'],
    ['--database', 'postgres://:s3cr3t@db', '--database names no user'],
    ['--database', 'postgres:///s3cr3t', '--database names no host'],
    ['--database', 'postgres://app:s3cr3t%zz@db', 'as %25'],
    ['--database', 'postgres://app@db/x?password=s3cr3t', 'takes no parameters'],
    ['--redis', 'redis://:s3cr3t@cache', '--redis carries a login'],
    ['--redis', 'rediss://:s3cr3t@cache', '--redis does not begin with redis://'],
    ['--redis', 'redis://cache/s3cr3t', '--redis takes a host and a port alone'],
    ['--target', 'admin:s3cr3t@host:80', '--target host:80 has no http://'],
    ['--target', 'ftp://admin:s3cr3t@host/', 'is ftp, not http or https: did you mean http://host/?'],
    ['--target', 'http://admin:s3/cr3t@host:x/', '--target http://host:x/ is not a URL'],
  ])('%s %s is told without its password', (option, typed, message) => {
    const give = () => read(option, typed);
    expect(give).toThrow(message);
    expect(give).not.toThrow(/s3cr3t|cr3t/);
  });
});
