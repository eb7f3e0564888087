import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { frameReader } from '../../../source/engines/docker/logs/log-frames.js';
import { HOST_LABEL, LAB_LABEL, labLabels, OWNER_LABEL } from '../../../source/labs/docker/labels.js';
import { MEMBERS, REPLICAS } from '../../../source/labs/docker/members.js';
import { findLabs } from '../../../source/labs/docker/remove.js';
import { startDockerLab } from '../../../source/labs/docker/start.js';
import type { DockerLab } from '../../../source/labs/lab.js';
import { connected, dockerOf, notRun, whyNoDocker } from '../../engines/docker/real-docker.js';
import { until } from '../../helpers/until.js';

/** The lab of containers, for real: started once, used by each test, and gone at the end. */
const reason = await whyNoDocker();
if (reason !== null) notRun('the Docker lab', reason);

describe.skipIf(reason !== null)('the Docker lab', () => {
  const steps: string[] = [];
  let lab: DockerLab;

  beforeAll(async () => {
    await orphan('0rphan');
    lab = await startDockerLab({ progress: ({ text }) => steps.push(text) });
  }, 600_000);
  afterAll(() => lab?.close(), 60_000);

  const get = async (path: string, init: RequestInit = {}): Promise<{ status: number; body: unknown }> => {
    const answer = await fetch(lab.addresses.appUrl + path, { signal: AbortSignal.timeout(5_000), ...init });
    return { status: answer.status, body: await answer.json() };
  };
  const inside = async (member: string, ...command: string[]): Promise<string> => {
    const docker = dockerOf(lab.engine);
    const exec = await docker
      .getContainer(lab.container(member))
      .exec({ Cmd: command, AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({});
    let out = '';
    const take = frameReader((_stream, bytes) => {
      out += bytes.toString('utf8');
    });
    for await (const chunk of stream) take(chunk as Buffer);
    return out;
  };

  test('a lab whose console has died went before this one came', async () => {
    const ids = (await findLabs(dockerOf(lab.engine))).map(({ id }) => id);
    expect(ids).not.toContain('0rphan');
  });

  test('says what it does while it starts', () => {
    expect(steps).toContain('waiting until the application answers');
    expect(steps.at(-1)).toBe('the lab is up');
  });

  test('all of its containers run, the replicas as one group', async () => {
    await until(
      'all are known',
      () => lab.engine.list().filter((one) => one.pid !== null).length === MEMBERS.length,
    );
    const list = lab.engine.list();
    expect(list.map(({ name }) => name).sort()).toEqual(
      MEMBERS.map(({ name }) => lab.container(name)).sort(),
    );
    expect(
      list
        .filter(({ group }) => group === lab.app)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(REPLICAS.map((name) => lab.container(name)));
  });

  test('the endpoints of the document answer, and what is written is read back', async () => {
    expect(await get('/test-db')).toEqual({
      status: 200,
      body: { status: 'Database connection successful' },
    });
    const title = `written by a test ${Date.now()}`;
    const headers = { 'content-type': 'application/json' };
    const written = await get('/todos', { method: 'POST', headers, body: JSON.stringify({ title }) });
    expect(written).toMatchObject({ status: 201, body: { title, done: false } });
    expect((await get('/todos')).body).toContainEqual(written.body);
    expect(await get('/health')).toMatchObject({ status: 200 });
    for (const body of ['', '{}', '{"title": ""}', '[1]', `{"title": "${'x'.repeat(201)}"}`])
      expect((await get('/todos', { method: 'POST', headers, body })).status).toBe(400);
  });

  test('the application asks the forwarder itself, by the settings that the figures were measured with', async () => {
    const text = await inside('todo-app-1', 'cat', '/etc/resolv.conf');
    expect(text).toBe(`nameserver ${lab.addressOf('resolver')}\noptions timeout:2 attempts:1\n`);
  });

  test("the playbook's commands work in its containers", async () => {
    expect(await inside('postgres', 'psql', '-U', 'todouser', '-c', 'SELECT 1;')).toContain('(1 row)');
    expect(await inside('redis', 'redis-cli', 'ping')).toContain('PONG');
    expect(await inside('todo-app-1', 'nslookup', 'postgres')).toContain(lab.addressOf('postgres'));
    expect(await inside('todo-app-1', 'ping', '-c', '1', 'postgres')).toContain(' 0% packet loss');
  });

  test('published ports are on 127.0.0.1 and nowhere else', async () => {
    const port = Number(new URL(lab.addresses.appUrl).port);
    const outside = Object.values(networkInterfaces())
      .flat()
      .find((one) => one?.family === 'IPv4' && !one.internal)?.address;
    expect(await opens('127.0.0.1', port)).toBe(true);
    if (outside) expect(await opens(outside, port)).toBe(false);
  });

  test('its parts count for the console', async () => {
    const counters = await lab.counters();
    expect(counters.resolver).toMatchObject({ queueMax: 256 });
    expect(counters.app).toMatchObject({ slots: 78 });
    expect(counters.visitors?.sent).toBeGreaterThanOrEqual(0);
  });

  test('a switch is taken at once and is still on after a restart', async () => {
    await lab.setHardening('rate-limit', true);
    const burst = async (): Promise<number[]> =>
      (await Promise.all(Array.from({ length: 90 }, () => get('/')))).map(({ status }) => status);
    expect(await burst()).toContain(429);
    await lab.engine.restart(lab.container('todo-app-1'));
    expect(await inside('todo-app-1', 'cat', '/var/lib/faultline/hardening')).toContain('rate-limit');
    await lab.setHardening('rate-limit', false);
    expect(new Set(await burst())).toEqual(new Set([200]));
    await expect(lab.setHardening('nonsense', true)).rejects.toThrow('there is no switch "nonsense"');
  });

  test("a name that is gone ends a request with the driver's own words, in the answer and in the log", async () => {
    await lab.engine.stop(lab.container('postgres'));
    const { status, body } = await get('/test-db');
    expect(status).toBe(500);
    expect(String((body as { error: string }).error)).toMatch(
      /^could not translate host name "postgres\.lab\.internal"/,
    );
    const stopFollowing = REPLICAS.map((name) => lab.engine.follow(lab.container(name)));
    await until('the log tells', () =>
      REPLICAS.some((name) =>
        lab.engine
          .logs(lab.container(name))
          .some(({ stream, text }) => stream === 'stderr' && text.includes('ERROR GET /test-db')),
      ),
    );
    for (const stop of stopFollowing) stop();
    await lab.engine.start(lab.container('postgres'));
    await untilGood('/test-db');
  });

  test('without Redis the page is served, and says what it lacks', async () => {
    expect((await get('/')).body).toMatchObject({ visits: expect.any(Number) });
    await lab.engine.stop(lab.container('redis'));
    const answers = [await get('/'), await get('/'), await get('/'), await get('/')];
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(answers.map(({ body }) => (body as { visits: unknown }).visits)).toContain(null);
    await lab.engine.start(lab.container('redis'));
  });

  test('a second lab stands beside the first, and goes without a trace', async () => {
    const docker = dockerOf(lab.engine);
    const before = (await findLabs(docker)).map(({ id }) => id);
    const second = await startDockerLab({ progress: () => {} });
    expect(second.container('postgres')).not.toBe(lab.container('postgres'));
    expect(second.engine.list().map(({ name }) => name)).not.toContain(lab.container('postgres'));
    await second.close();
    await second.close();
    const added = (await findLabs(docker)).filter(
      ({ id, owner }) => !before.includes(id) && owner?.pid === process.pid,
    );
    expect(added).toEqual([]);
    await untilGood('/todos');
  });

  test('a start that is given up leaves nothing', async () => {
    const docker = dockerOf(lab.engine);
    const control = new AbortController();
    const start = startDockerLab({
      signal: control.signal,
      progress: ({ text }) => {
        if (text.startsWith('waiting until')) control.abort(new Error('given up'));
      },
    });
    await expect(start).rejects.toThrow('given up');
    expect((await findLabs(docker)).filter(({ owner }) => owner?.pid === process.pid)).toHaveLength(1);
  });

  /** Outcomes of requests at the same moment, each with the patience of the document's curl. */
  const spike = async (count: number): Promise<number> =>
    (
      await Promise.all(Array.from({ length: count }, () => get('/todos').catch(() => ({ status: 0 }))))
    ).filter(({ status }) => status === 200).length;
  const fails = async (): Promise<boolean> =>
    get('/test-db').then(
      ({ status }) => status !== 200,
      () => true,
    );

  test('a spike of 60 is over when it is over', async () => {
    // How many are served within their patience is a matter of the machine; that all is well afterwards is not.
    await spike(60);
    await untilGood('/test-db');
    for (const _ of [1, 2, 3]) expect(await fails()).toBe(false);
  });

  test('one of 120 is not: nobody is served any more while the database idles, until the replicas are restarted', async () => {
    expect(await spike(120)).toBeLessThan(100);
    expect(await Promise.all([fails(), fails()])).toEqual([true, true]);
    expect(await fails()).toBe(true);
    const { host, port, database, user, password } = lab.addresses.database;
    const client = new pg.Client({ host, port, database, user, password });
    await client.connect();
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await client.end();
    expect((await lab.counters()).resolver?.queue).toBeGreaterThan(200);
    await Promise.all(REPLICAS.map((name) => lab.engine.restart(lab.container(name))));
    await untilGood('/todos');
    for (const _ of [1, 2, 3]) expect(await fails()).toBe(false);
  });

  /** After a restart nginx leaves a replica alone for 2 s. */
  async function untilGood(path: string): Promise<void> {
    const end = performance.now() + 30_000;
    while ((await get(path).catch(() => ({ status: 0 }))).status !== 200)
      if (performance.now() > end) throw new Error(`${path} does not come back`);
  }
});

/** What a console leaves that was killed: a container and a network, signed by a process that is no more. */
async function orphan(id: string): Promise<void> {
  const engine = await connected();
  const docker = dockerOf(engine);
  const { pid } = spawnSync('true');
  const labels = {
    ...labLabels(id),
    [LAB_LABEL]: id,
    [OWNER_LABEL]: `${pid}:1@gone`,
    [HOST_LABEL]: labLabels(id)[HOST_LABEL] ?? '',
  };
  await docker.createNetwork({ Name: `faultline-${id}`, Labels: labels });
  const [image] = await docker.listImages();
  if (image) await docker.createContainer({ Image: image.Id, Cmd: ['true'], Labels: labels });
  expect((await findLabs(docker)).find((lab) => lab.id === id)?.orphaned).toBe(true);
  await engine.close();
}

function opens(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const end = (open: boolean): void => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
    socket.once('timeout', () => end(false));
  });
}
