import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EmbeddedLab } from '../../../source/labs/lab.js';
import { startTimeOf } from '../../../source/linux/process/identity.js';
import { eventually } from '../../helpers/until.js';
import { burst, fetchJson, ownState, startBuiltLab, visit } from './helpers.js';

const state = ownState();
let lab: EmbeddedLab;

beforeAll(async () => {
  lab = await startBuiltLab();
});
afterAll(async () => {
  const pids = lab.engine.list().flatMap(({ pid }) => pid ?? []);
  await lab.close();
  await lab.close();
  expect(pids.filter((pid) => startTimeOf(pid) !== null)).toEqual([]);
  state.remove();
});

async function login(superuser: boolean): Promise<string> {
  const { host, port, database, ...roles } = lab.addresses.database;
  const client = new pg.Client({
    host,
    port,
    database,
    user: superuser ? roles.superuser : roles.user,
    password: superuser ? roles.superuserPassword : roles.password,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query(
      'SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = $1',
      [database],
    );
    return `in, ${rows[0].n} connections`;
  } catch (error) {
    return (error as Error).message;
  } finally {
    await client.end().catch(() => {});
  }
}

const healthy = async (): Promise<boolean> =>
  (await Promise.all([1, 2, 3].map(() => visit(lab, '/todos', 2_000)))).every((status) => status === 200);

test('every service is a process that is listed, and every route answers', async () => {
  const list = lab.engine.list();
  expect(list.map(({ name }) => name).sort()).toEqual(['postgres', 'resolver', 'todo-app', 'visitors']);
  expect(list.every(({ state: it, pid }) => it === 'running' && startTimeOf(pid as number) !== null)).toBe(
    true,
  );
  expect(await fetchJson(lab, '/test-db')).toEqual({
    status: 200,
    body: { status: 'Database connection successful' },
  });
  expect(await visit(lab, '/')).toBe(200);
  expect(await visit(lab, '/health')).toBe(200);
  expect(await visit(lab, '/nothing')).toBe(404);
  const made = await fetchJson(lab, '/todos', 5_000, { title: 'Prove it' });
  expect(made.status).toBe(201);
  expect((await fetchJson(lab, '/todos')).body).toContainEqual(made.body);
});

test.each([
  ['{'],
  ['null'],
  [{}],
  [{ title: 7 }],
  [{ title: ' ' }],
  [{ title: 'x'.repeat(201) }],
  [{ title: 'a\0b' }],
])('what is no to-do is refused: %j', async (body) => {
  expect(await visit(lab, '/todos', 5_000, body)).toBe(400);
});

test('a body that is too large is refused', async () => {
  expect(await visit(lab, '/todos', 5_000, { title: 'x'.repeat(100_000) })).toBe(413);
});

test('a name that the resolver forgot ends requests at once, and comes back', async () => {
  await lab.faults.forgetName();
  const failed = await fetchJson(lab, '/todos');
  expect(failed.status).toBe(500);
  expect(JSON.stringify(failed.body)).toContain('ENOTFOUND');
  await lab.engine.restart('resolver');
  expect(await visit(lab, '/todos')).toBe(500);
  await lab.faults.rememberName();
  expect(await visit(lab, '/todos')).toBe(200);
});

test('held connections keep an ordinary role out and let the superuser in', async () => {
  await lab.faults.holdConnections();
  expect(lab.engine.list().map(({ name }) => name)).toContain('report-job');
  expect(await eventually(async () => /connection slots|too many clients/.test(await login(false)))).toBe(
    true,
  );
  expect(await login(true)).toMatch(/^in, 9\d connections/);
  expect(await visit(lab, '/todos')).toBe(500);
  await lab.faults.releaseConnections();
  expect(lab.engine.list().map(({ name }) => name)).not.toContain('report-job');
  expect(await eventually(async () => (await login(false)).startsWith('in'))).toBe(true);
  expect(await eventually(healthy)).toBe(true);
});

test('a killed database is refused, and serves again on its port after a start', async () => {
  const before = lab.engine.list().find(({ name }) => name === 'postgres');
  await lab.engine.kill('postgres');
  const down = lab.engine.list().find(({ name }) => name === 'postgres');
  expect([down?.state, down?.lastExit?.signal]).toEqual(['exited', 'SIGKILL']);
  expect(JSON.stringify(await fetchJson(lab, '/test-db'))).toContain('ECONNREFUSED');
  await lab.engine.start('postgres');
  const after = lab.engine.list().find(({ name }) => name === 'postgres');
  expect([after?.ports, after?.restarts]).toEqual([before?.ports, 1]);
  expect(await visit(lab, '/test-db')).toBe(200);
  await expect(lab.engine.start('postgres')).rejects.toThrow(/already running/);
  await expect(lab.engine.start('mysql')).rejects.toThrow(/there are: .*postgres/);
});

test('a frozen service is silent, is listed as paused, and goes on when thawed', async () => {
  await lab.engine.pause('todo-app');
  expect(lab.engine.list().find(({ name }) => name === 'todo-app')?.state).toBe('paused');
  expect(await visit(lab, '/health', 700)).toBe(0);
  expect((await lab.counters()).app).toBeNull();
  await lab.engine.unpause('todo-app');
  expect(await visit(lab, '/health')).toBe(200);
  await lab.engine.pause('todo-app');
  await lab.engine.restart('todo-app');
  expect(await visit(lab, '/health')).toBe(200);
});

test('60 at once heal by themselves', async () => {
  await burst(lab, 60);
  expect(await eventually(healthy)).toBe(true);
});

test('120 at once stay down with the database idle, and a restart of the application ends it', async () => {
  const answered = (await burst(lab, 120))[200] ?? 0;
  expect(answered).toBeLessThan(110);
  const before = await lab.counters();
  for (let i = 0; i < 3; i += 1) {
    expect((await burst(lab, 1))[200] ?? 0).toBe(0);
    expect(await login(true)).toMatch(/^in, [1-6] connections/);
  }
  expect(await visit(lab, '/', 1_000)).toBe(0);
  const after = await lab.counters();
  expect(after.app?.inFlight).toBe(64);
  expect((after.resolver?.served ?? 0) - (before.resolver?.served ?? 0)).toBeGreaterThan(300);
  expect(
    lab.engine.logs('todo-app').some(({ stream, text }) => stream === 'stderr' && /ETIMEOUT/.test(text)),
  ).toBe(true);
  await lab.engine.restart('todo-app');
  expect(await eventually(healthy)).toBe(true);
  expect(await burst(lab, 10)).toEqual({ 200: 10 });
});
