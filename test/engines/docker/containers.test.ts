import type Docker from 'dockerode';
import { describe, expect, it } from 'vitest';
import { containerExitMeaning } from '../../../source/engines/docker/containers/container-exit.js';
import { ContainerRecord } from '../../../source/engines/docker/containers/container-record.js';
import { ContainerTable } from '../../../source/engines/docker/containers/container-table.js';
import {
  type ContainerDetails,
  fromInspect,
  fromList,
} from '../../../source/engines/docker/containers/from-daemon.js';
import { InFlight } from '../../../source/engines/docker/containers/in-flight.js';
import { decodeStats } from '../../../source/engines/docker/containers/one-shot-stats.js';

describe('the end of a container', () => {
  const facts = { code: 137, oom: false, memoryLimitBytes: 64 * 1024 * 1024, askedBySignal: null, error: '' };

  it('is out of memory only with the kernel’s word for it', () => {
    expect(containerExitMeaning({ ...facts, oom: true })).toBe('killed: out of memory (limit 64 MiB)');
    expect(containerExitMeaning(facts)).toContain('by whom is not recorded');
    expect(containerExitMeaning({ ...facts, askedBySignal: 9 })).toContain('killed by Docker');
    expect(containerExitMeaning({ ...facts, askedBySignal: 15 })).toContain('did not end at SIGTERM');
    expect(containerExitMeaning({ ...facts, code: 1, oom: true })).toContain(
      'a process of it: out of memory',
    );
  });

  it('tells why it could not start, and what was asked', () => {
    const error = 'exec: "nope": executable file not found in $PATH';
    expect(containerExitMeaning({ ...facts, code: 127, error })).toBe(`could not be started: ${error}`);
    expect(containerExitMeaning({ ...facts, code: 0, askedBySignal: 15 })).toContain('stopped by Docker');
    expect(containerExitMeaning({ ...facts, code: 3 })).toBe('failed with exit code 3');
    expect(containerExitMeaning({ ...facts, code: 127, error: 'x'.repeat(9_000) }).length).toBeLessThan(400);
  });
});

describe('a container', () => {
  const row = (over: object = {}) =>
    fromList({
      Id: 'a'.repeat(64),
      Names: ['/db'],
      Image: 'pg',
      State: 'running',
      Status: 'Up 2 s',
      ...over,
    } as never);
  const details = (over: Partial<ContainerDetails> = {}): ContainerDetails => ({
    ...row(),
    ...{ pid: 7, startedAt: 1_000, finishedAt: null, exitCode: null, error: '', oomKilled: false },
    ...{
      restartCount: 0,
      restartPolicy: 'no',
      limits: { memoryBytes: null, cpus: null, pids: null },
      tty: false,
    },
    ...{ createdAt: 500, autoRemove: false, check: null },
    ...over,
  });

  it('is read from the list, whatever the daemon leaves out', () => {
    expect(row()).toMatchObject({ name: 'db', state: 'running', health: 'none', networks: [], ports: [] });
    expect(row({ Status: 'Up 2 s (health: starting)' }).state).toBe('starting');
    expect(row({ Status: 'Up 2 s (unhealthy)' })).toMatchObject({ state: 'running', health: 'unhealthy' });
    expect(row({ Names: null, State: undefined })).toMatchObject({ name: 'a'.repeat(12), state: 'unknown' });
    expect(() => fromInspect({ Id: 'b', Name: '/x', State: { Status: 'created' } } as never)).not.toThrow();
  });

  it('tells how long its check has failed, longer than its log goes back', () => {
    const log = (...codes: number[]) =>
      codes.map((ExitCode, i) => ({
        Start: new Date(60_000 + i * 1_000).toISOString(),
        ExitCode,
        Output: 'no\n',
      }));
    const checkOf = (FailingStreak: number, Log: unknown, Status = 'unhealthy') =>
      fromInspect({
        ...{ Id: 'b', Name: '/x' },
        State: { Status: 'running', Running: true, Health: { Status, FailingStreak, Log } },
      } as never).check;
    expect(checkOf(2, log(0, 0, 0, 1, 1))).toMatchObject({
      streak: 2,
      since: 63_000,
      exitCode: 1,
      output: 'no\n',
    });
    expect(checkOf(5, log(1, 1, 1, 1, 1))?.since).toBe(60_000);
    expect(checkOf(35, log(1, 1, 1, 1, 1))?.since).toBe(30_000);
    expect(checkOf(3, log(1))?.since).toBe(60_000);
    for (const odd of [null, undefined, 'log', [null], [{ Start: {}, ExitCode: 'x', Output: 7 }]])
      expect(checkOf(3, odd)).toMatchObject({ streak: 3, since: null, exitCode: null, output: '' });
    expect(checkOf(0, log(0), 'healthy')).toBeNull();
  });

  it.each([
    [{}, undefined, 'web'],
    [{ 'com.docker.compose.oneoff': 'False' }, undefined, 'web'],
    [{ 'com.docker.compose.oneoff': 'True' }, true, undefined],
    [{ 'com.docker.compose.oneoff': 'true' }, true, undefined],
    [{ 'com.docker.compose.oneoff': '' }, undefined, 'web'],
  ])('with %j is a task: %s, and a replica of %s', (labels, isTask, group) => {
    const Labels = { 'com.docker.compose.project': 'shop', 'com.docker.compose.service': 'web', ...labels };
    const shown = new ContainerRecord(row({ Labels })).snapshot();
    expect([shown.isTask, shown.group]).toEqual([isTask, group]);
  });

  it('keeps what a port inside and outside is', () => {
    const listed = row({
      Ports: [
        { IP: '0.0.0.0', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
        { IP: '::', PrivatePort: 80, PublicPort: 8080, Type: 'tcp' },
        { PrivatePort: 53, Type: 'udp' },
      ],
    });
    expect(listed.ports).toEqual([{ protocol: 'tcp', port: 8080 }]);
    expect(listed.publishedPorts).toHaveLength(3);
  });

  it('counts a restart that no event told of, and those of Docker’s own policy', () => {
    const record = new ContainerRecord(row());
    record.inspect(details());
    record.inspect(details());
    expect(record.snapshot().restarts).toBe(0);
    record.inspect(details({ startedAt: 2_000 }));
    expect(record.snapshot().restarts).toBe(1);
    record.inspect(details({ startedAt: 3_000, restartCount: 9 }));
    expect(record.snapshot().restarts).toBe(9);
  });

  it('keeps its last exit over the next start, and forgets who asked', () => {
    const record = new ContainerRecord(row());
    record.inspect(details({ limits: { memoryBytes: 32 * 2 ** 20, cpus: null, pids: null } }));
    record.oom();
    expect(record.died(137, 5_000).meaning).toBe('killed: out of memory (limit 32 MiB)');
    record.started();
    record.inspect(details({ startedAt: 6_000, finishedAt: 5_000 }));
    expect(record.snapshot()).toMatchObject({ oomKills: 1, lastExit: { code: 137, at: 5_000 } });
    expect(record.died(1, 7_000).meaning).toBe('failed with exit code 1');
  });

  it('shows the same object until something changes', () => {
    const record = new ContainerRecord(row());
    expect(record.snapshot()).toBe(record.snapshot());
    const before = record.snapshot();
    record.oom();
    expect(record.snapshot()).not.toBe(before);
  });
});

describe('the table', () => {
  const id = 'c'.repeat(64);
  const info = { Id: id, Name: '/web', State: { Status: 'running', Pid: 1, Running: true } };

  /** A daemon that answers when it is told to: what comes late cannot be had from a real one at will. */
  function slowDaemon() {
    const answers: (() => void)[] = [];
    const later = <T>(value: T) => new Promise<T>((resolve) => answers.push(() => resolve(value)));
    const docker = {
      getContainer: () => ({ inspect: () => later(info) }),
      listContainers: () => later([]),
    } as unknown as Docker;
    const answerNewest = async (): Promise<void> => {
      answers.pop()?.();
      await new Promise(setImmediate);
    };
    return { docker, answerNewest, asked: () => answers.length };
  }

  it('brings no container back by an answer from before its end', async () => {
    const { docker, answerNewest } = slowDaemon();
    const table = new ContainerTable();
    const refreshed = table.refresh(docker, id);
    table.remove(id);
    await answerNewest();
    await refreshed;
    expect([...table.records()]).toEqual([]);
  });

  it('loses none that came while the list was made, and asks once more for many events', async () => {
    const { docker, answerNewest, asked } = slowDaemon();
    const table = new ContainerTable();
    const listed = table.reconcile(docker);
    const refreshed = table.refresh(docker, id);
    for (let n = 0; n < 50; n++) void table.refresh(docker, id);
    expect(asked()).toBe(2);
    await answerNewest();
    expect(asked()).toBe(2);
    await answerNewest();
    await refreshed;
    expect(asked()).toBe(1);
    await answerNewest();
    await listed;
    expect(table.find('web')?.listed.state).toBe('running');
    expect(table.find(id.slice(0, 12))).toBe(table.get(id));
    expect(table.find(id.slice(0, 11))).toBeUndefined();
  });
});

it('no more than so many at once, in order', async () => {
  const flight = new InFlight(3);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const task = (n: number) => async () => {
    order.push(n);
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running -= 1;
    if (n === 4) throw new Error('one fails');
  };
  await Promise.allSettled(Array.from({ length: 20 }, (_, n) => flight.run(task(n))));
  expect(most).toBe(3);
  expect(order).toEqual(Array.from({ length: 20 }, (_, n) => n));
});

describe('stats of a daemon', () => {
  it('tell a container that does not run from one that does, and version 1 from 2', () => {
    const running = {
      pids_stats: { current: 2, limit: 2 ** 64 },
      cpu_stats: {
        cpu_usage: { total_usage: 5_000 },
        throttling_data: { periods: 4, throttled_periods: 1, throttled_time: 9_000 },
      },
      memory_stats: { usage: 100, limit: 1_000, stats: { inactive_file: 30 } },
    };
    expect(decodeStats(running)).toMatchObject({
      version: 2,
      cpu: { usageUs: 5, periods: 4, throttledUs: 9 },
      memory: { usageBytes: 100, workingSetBytes: 70, limitBytes: 1_000 },
      pids: { current: 2, max: null },
    });
    const v1 = {
      ...running,
      memory_stats: { usage: 100, stats: { total_inactive_file: 40, inactive_file: 1 } },
    };
    expect(decodeStats(v1)).toMatchObject({ version: 1, memory: { workingSetBytes: 60 } });
    expect(decodeStats({ ...running, pids_stats: {} })).toBeUndefined();
    for (const odd of [null, 7, '', [], { pids_stats: null }, { pids_stats: { current: 'x' } }])
      expect(decodeStats(odd)).toBeUndefined();
  });
});
