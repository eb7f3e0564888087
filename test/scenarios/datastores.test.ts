import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import { UNKNOWN_EDGE } from '../../source/probes/edges/sample.js';
import type { Datastore, Edge } from '../../source/probes/samples.js';
import { containerServices } from '../helpers/container-world.js';
import { START, type World, watch } from '../helpers/history.js';
import { firing } from '../helpers/host-run.js';
import { ERROR_500, everyTarget, HANG, http, logs, sockets } from '../helpers/samples.js';

/** A database on this host that is well; `over` changes it. */
const store = (over: Partial<Datastore> = {}): Datastore => ({
  ...{ kind: 'postgres', address: '127.0.0.1:5432', workload: null },
  process: { pid: 77, command: 'postgres' },
  knownBy: 'process',
  ...{ state: 'alive', said: 'asks for a password', answerMs: 1, askedAt: START, note: null },
  ...{ queued: 0, backlog: 200, frozen: false, clients: 4, used: true },
  slots: { held: 4, most: 20, reserved: 3 },
  holders: [],
  ...over,
});
const seen = (...datastores: readonly Datastore[]) => ({
  datastores: { means: 'netlink sock_diag', datastores, missing: [] },
});
const SILENT: Partial<Datastore> = {
  state: 'silent',
  said: 'takes connections and said nothing',
  answerMs: null,
};
const FULL: Partial<Datastore> = {
  slots: { held: 17, most: 20, reserved: 3 },
  holders: [
    { peer: '172.18.0.1', count: 16, who: 'process python3 of this host', detail: 'role shop, idle' },
  ],
};
const DOWN = 'database-down';
const CONNECTIONS = 'database-connections';

const run = (seconds: number, world: (t: number) => World) => watch(seconds, world, allModes());

/** What is named of a database that is so from the first second, with targets that fail. */
const named = (over: Partial<Datastore>, id: string) =>
  firing(
    run(12, () => ({ ...seen(store(over)), ...everyTarget(ERROR_500, 500) })),
    id,
  ).at(-1)?.finding;

it('what says nothing when it is full is not cleared of that by its silence', () => {
  const saysSo = (kind: Datastore['kind'], over: Partial<Datastore> = SILENT) =>
    named({ kind, ...over }, DOWN)?.ruledOut.some(({ id }) => id === CONNECTIONS);
  expect(saysSo('postgres')).toBe(true);
  expect(saysSo('amqp')).toBe(false);
  expect(saysSo('mongodb')).toBe(false);
  expect(saysSo('amqp', { state: 'refused', said: 'nobody listens there any more' })).toBe(true);
});

describe('a database that nobody gave a login for', () => {
  it.each([
    [
      'gone',
      { state: 'refused', said: 'nobody listens there any more' },
      'PostgreSQL at 127.0.0.1:5432 is down: nobody listens there any more',
    ],
    [
      'starting',
      { state: 'not-ready', said: 'the database system is starting up' },
      'PostgreSQL at 127.0.0.1:5432 lets nobody in: the database system is starting up',
    ],
    ['silent', SILENT, 'PostgreSQL at 127.0.0.1:5432 takes connections and does not answer'],
    [
      'frozen',
      { ...SILENT, frozen: true },
      'PostgreSQL at 127.0.0.1:5432 is frozen: it takes connections and does not answer',
    ],
    [
      'frozen MySQL, never asked',
      { kind: 'mysql', state: 'unasked', said: '', frozen: true } as const,
      'MySQL at 127.0.0.1:5432 is frozen: it takes connections and does not answer',
    ],
  ] as const)('%s: is named as down', (_, over, title) => {
    expect(named(over, DOWN)).toMatchObject({
      title,
      severity: 'critical',
      subject: { id: '127.0.0.1:5432' },
    });
    expect(named(over, CONNECTIONS)).toBeUndefined();
  });

  it('is named as full by what it says, by its own slots, and by what it and its clients log', () => {
    const title = 'PostgreSQL at 127.0.0.1:5432 is out of connections';
    const said = { state: 'full', said: 'sorry, too many clients already', slots: null } as const;
    expect(named(said, CONNECTIONS)).toMatchObject({ title });
    const bySlots = named(FULL, CONNECTIONS);
    expect(bySlots).toMatchObject({ title });
    expect(bySlots?.evidence.map(({ value }) => value)).toContain(
      '16 of 17 are held by 172.18.0.1 (process python3 of this host), role shop, idle',
    );
    const lines = logs('too-many-connections', 'FATAL:  sorry, too many clients already');
    const looks = run(12, () => ({ ...seen(store({ slots: null })), logs: lines }));
    expect(firing(looks, CONNECTIONS).at(-1)?.finding).toMatchObject({ title });
    expect(named(FULL, DOWN)).toBeUndefined();
  });

  it.each([
    ['mysql', 'Too many connections (1040)', 'MySQL'],
    ['redis', 'ERR max number of clients reached', 'Redis'],
    ['pgbouncer', 'no more connections allowed (max_client_conn)', 'PgBouncer'],
  ] as const)('%s is called what it is', (kind, said, title) => {
    const finding = named({ kind, state: 'full', said, slots: null, address: '127.0.0.1:7' }, CONNECTIONS);
    expect(finding?.title).toBe(`${title} at 127.0.0.1:7 is out of connections`);
  });

  it.each([
    ['amqp', 'RabbitMQ (AMQP)', { ...SILENT, files: { open: 160, limit: 160 } }],
    ['amqp', 'RabbitMQ (AMQP)', { ...SILENT, files: { open: 880, limit: 1024 }, queued: 12 }],
    ['mongodb', 'MongoDB', { ...SILENT, state: 'broken-off', files: { open: 990, limit: 1024 } }],
    ['redis', 'Redis', { ...SILENT, files: { open: 1020, limit: 1024 } }],
    ['postgres', 'PostgreSQL', { ...SILENT, files: { open: 64, limit: 64 } }],
    ['mysql', 'MySQL', { ...SILENT, state: 'broken-off', files: { open: 5000, limit: 5000 } }],
  ] as const)('%s that is mute and may open no more files is out of those', (kind, title, over) => {
    const given = { kind, slots: null, address: '127.0.0.1:7', ...over } as const;
    const finding = named(given, CONNECTIONS);
    expect(finding?.title).toBe(`${title} at 127.0.0.1:7 is out of open files`);
    expect(finding?.evidence.map(({ value }) => value).join()).toMatch(/\d+ of \d+ files open/);
    expect(finding?.fix.map(({ command = '' }) => command).join()).not.toMatch(
      kind === 'postgres' ? /^$/ : /psql/,
    );
    expect(named(given, DOWN)).toBeUndefined();
  });

  it('one that is mute with files to spare, or stopped with none, is down', () => {
    const files = { open: 100, limit: 1024 };
    expect(named({ ...SILENT, files }, DOWN)).toBeDefined();
    expect(named({ ...SILENT, files }, CONNECTIONS)).toBeUndefined();
    expect(named({ ...SILENT, frozen: true, files: { open: 64, limit: 64 } }, DOWN)).toBeDefined();
    // It runs: nobody is told to start it, and its log comes before a restart.
    expect(named({ ...SILENT, files }, DOWN)?.fix[0]?.text).toMatch(/^read in its log/);
  });

  it('one that hangs up on everybody turns them away, where somebody misses it', () => {
    const hangsUp = {
      ...SILENT,
      state: 'broken-off',
      said: 'ends it without a word',
      kind: 'amqp',
      slots: null,
    } as const;
    expect(named(hangsUp, DOWN)?.title).toBe(
      'RabbitMQ (AMQP) at 127.0.0.1:5432 takes connections and ends each without a word',
    );
    expect(named({ ...hangsUp, knownBy: 'port' }, DOWN)).toBeUndefined();
    const alone = (before: boolean) =>
      firing(
        run(20, (t) =>
          seen(before && t < 8 ? store({ kind: 'amqp', clients: 0 }) : store({ ...hangsUp, clients: 0 })),
        ),
        DOWN,
      );
    expect(alone(false)).toEqual([]);
    expect(alone(true).length).toBeGreaterThan(0);
  });

  it('explains the targets that fail, and is cleared where it is well', () => {
    const looks = run(12, () => ({ ...seen(store(FULL)), ...everyTarget(ERROR_500, 500) }));
    const errors = firing(looks, 'http-errors').at(-1)?.finding;
    expect(errors?.explainedBy).toBe('database-connections@listener:127.0.0.1:5432');
  });
});

describe('a database that was down before anybody looked', () => {
  const attempts = (over: Partial<Edge>, more: object = {}) => {
    const edge: Edge = {
      ...UNKNOWN_EDGE,
      peer: '127.0.0.1',
      port: 3306,
      failed: 3,
      opened: 0,
      closed: 0,
      ...over,
    };
    const all = { ...sockets(), edges: { sinceMs: 2_000, sampled: 1, list: [edge], left: 0 }, ...more };
    const looks = run(12, () => ({ sockets: all, ...everyTarget(ERROR_500, 500) }));
    return firing(looks, DOWN).at(-1)?.finding;
  };

  it('shows by the attempts of its clients', () => {
    expect(attempts({})).toMatchObject({
      title: 'MySQL at 127.0.0.1:3306 is down: nobody listens there, and connections are refused',
      severity: 'critical',
    });
    expect(attempts({ peer: '10.0.0.5' })?.title).toBe(
      'MySQL at 10.0.0.5:3306 lets nobody connect: every attempt is refused',
    );
  });

  it('is none in a container that never had it, while one answers in another: the address is out of date', () => {
    const edge: Edge = { ...UNKNOWN_EDGE, peer: '10.0.0.9', port: 6379, failed: 3, opened: 0, closed: 0 };
    const named = (...known: readonly Datastore[]) =>
      firing(
        run(12, () => ({
          sockets: { ...sockets(), edges: { sinceMs: 2_000, sampled: 1, list: [edge], left: 0 } },
          services: containerServices({
            front: { container: { networks: [{ name: 'shop', address: '10.0.0.9', aliases: [] }] } },
          }),
          ...seen(...known),
        })),
        DOWN,
      ).at(-1)?.finding.title;
    const alive = (address: string, workload: string | null) => store({ kind: 'redis', address, workload });
    expect(named(alive('10.0.0.4:6379', 'redis'))).toBeUndefined();
    expect(named()).toBe('Redis in front is down: nobody listens there, and connections are refused');
  });

  it('is none where some attempt succeeds, somebody listens, the port is another, or a SYN waits for its answer', () => {
    expect(attempts({ opened: 1, lateOpened: 0 })).toBeUndefined();
    expect(attempts({ port: 8080 })).toBeUndefined();
    const listener = { service: null, address: '0.0.0.0', port: 3306, queued: 0, backlog: 80 };
    expect(attempts({}, { listeners: [listener] })).toBeUndefined();
    const waits = { count: 0, retried: 1, mostRetries: 1, ageMs: 1_500 };
    expect(attempts({ peer: '10.0.0.5', synSent: waits })).toBeUndefined();
  });
});

describe('what accuses no database', () => {
  const quiet = (over: Partial<Datastore>, more: object = {}) =>
    run(20, () => ({ ...seen(store(over)), ...more })).flatMap(({ findings }) =>
      findings.filter(({ id }) => id === DOWN || id === CONNECTIONS),
    );

  it.each([
    ['one that is well', {}],
    ['one that is not asked', { kind: 'mysql', state: 'unasked', said: '', answerMs: null, slots: null }],
    [
      'one that is known by its port alone, waits for its client, and has no queue',
      { ...SILENT, knownBy: 'port' },
    ],
    ['one that breaks off', { state: 'broken-off', said: 'ends it without a word' }],
    ['one with three quarters of its slots taken', { slots: { held: 15, most: 23, reserved: 3 } }],
  ] as readonly (readonly [string, Partial<Datastore>])[])('%s', (_, over) => {
    expect(quiet(over)).toEqual([]);
  });

  it("a client's own pool that is empty", () => {
    const pool = logs('too-many-connections', 'QueuePool limit of size 3 overflow 0 reached');
    expect(quiet({}, { logs: pool, ...everyTarget(ERROR_500, 500) })).toEqual([]);
  });

  it('lines of another product', () => {
    expect(
      quiet({}, { logs: logs('too-many-connections', 'ERROR 1040 (HY000): Too many connections') }),
    ).toEqual([]);
  });

  it('is gone once it is well again', () => {
    const looks = run(40, (t) => seen(store(t < 20 ? SILENT : {})));
    expect(firing(looks, DOWN).length).toBeGreaterThan(5);
    expect(looks.at(-1)?.findings).toEqual([]);
  });
});

describe('a page that is silent as a database holds back its answer', () => {
  const PORT = 6001;
  const mute = http('GET page', HANG);
  const page = { 'http:GET page': { ...mute, url: `http://127.0.0.1:${PORT}/` } };
  const edgeTo = (over: Partial<Edge>): Edge => ({
    ...UNKNOWN_EDGE,
    ...{ peer: '127.0.0.1', port: 5432, states: { ESTAB: 4 }, received: 6, sent: 8, resent: 0 },
    ...over,
  });
  const look = (waits: Partial<Edge>, over: Partial<Datastore> = {}) =>
    run(40, () => ({
      ...page,
      ...seen(store(over)),
      sockets: { ...sockets(), edges: { sinceMs: 2_000, sampled: 1, list: [edgeTo(waits)], left: 0 } },
    }));
  const hung = (looks: ReturnType<typeof look>) => firing(looks, 'service-hung').length;
  const all = { unanswered: { count: 3, longestMs: 9_000 } };

  it('is not called frozen, and whom it waits for is said', () => {
    for (const kind of ['postgres', 'mysql'] as const) {
      const looks = look(all, { kind });
      expect(hung(looks)).toBe(0);
      const said = firing(looks, 'http-errors').at(-1)?.finding.explanation.join() ?? '';
      expect(said).toMatch(/waits for (PostgreSQL|MySQL) at 127.0.0.1:5432: 3 requests without an answer/);
    }
  });

  it('is one where it asks nothing of it, where some are answered, or where it keeps requests open by design', () => {
    expect(hung(look({ unanswered: { count: 0, longestMs: 0 } }))).toBeGreaterThan(0);
    expect(hung(look({ unanswered: { count: 1, longestMs: 9_000 } }))).toBeGreaterThan(0);
    expect(hung(look({ unanswered: { count: 4, longestMs: 900 } }))).toBeGreaterThan(0);
    expect(hung(look(all, { kind: 'redis' }))).toBeGreaterThan(0);
    expect(hung(look({ ...all, port: 9_000 }))).toBeGreaterThan(0);
  });
});
