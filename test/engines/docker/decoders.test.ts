import { describe, expect, it } from 'vitest';
import { containerExitMeaning } from '../../../source/engines/docker/containers/container-exit.js';
import { ContainerRecord } from '../../../source/engines/docker/containers/container-record.js';
import {
  type ContainerDetails,
  fromInspect,
  fromList,
} from '../../../source/engines/docker/containers/from-daemon.js';
import { InFlight } from '../../../source/engines/docker/containers/in-flight.js';
import { decodeStats } from '../../../source/engines/docker/containers/one-shot-stats.js';
import { justAfter, parseDockerEvent } from '../../../source/engines/docker/link/docker-event.js';
import { jsonLines } from '../../../source/engines/docker/link/json-lines.js';
import { frameReader } from '../../../source/engines/docker/logs/log-frames.js';
import { toLogLine } from '../../../source/engines/docker/logs/log-text.js';
import { noise, seededRandom, spoil } from '../../linux/seeded-random.js';

/** As Docker 20.10 sent it. */
const DIE =
  '{"status":"die","id":"7e92","from":"faultline/base:bookworm","Type":"container","Action":"die","Actor":{"ID":"7e92","Attributes":{"exitCode":"137","image":"faultline/base:bookworm","name":"t1"}},"scope":"local","time":1795270255,"timeNano":1795270255430123457}';

function frame(stream: number, text: string | Buffer): Buffer {
  const body = Buffer.from(text as string);
  const header = Buffer.alloc(8);
  header[0] = stream;
  header.writeUInt32BE(body.length, 4);
  return Buffer.concat([header, body]);
}

function framesOf(bytes: Buffer, step: number): { found: string[]; good: boolean } {
  const found: string[] = [];
  const take = frameReader((stream, text) => found.push(`${stream}:${text}`));
  let good = true;
  for (let at = 0; at < bytes.length; at += step) good = take(bytes.subarray(at, at + step));
  return { found, good };
}

describe('events', () => {
  it('keeps every digit of the time', () => {
    const event = parseDockerEvent(DIE);
    expect(event).toMatchObject({
      action: 'die',
      id: '7e92',
      at: 1795270255430,
      stamp: '1795270255.430123457',
    });
    expect(justAfter('1795270255.430123457')).toBe('1795270255.430123458');
    expect(justAfter('1795270255.999999999')).toBe('1795270256.000000000');
  });

  it('takes no time from a label', () => {
    const line = DIE.replace('"name":"t1"', '"name":"t1","x":"\\"timeNano\\":11111111111"').replace(
      /,"timeNano":\d+/,
      '',
    );
    expect(parseDockerEvent(line)).toBeUndefined();
  });

  it('names the container of a network event, and the health of a health event', () => {
    const network = DIE.replace('"Type":"container"', '"Type":"network"').replace(
      '"exitCode":"137"',
      '"container":"abc"',
    );
    expect(parseDockerEvent(network)?.id).toBe('abc');
    const health = DIE.replace('"Action":"die"', '"Action":"health_status: unhealthy"');
    expect(parseDockerEvent(health)).toMatchObject({ action: 'health', attributes: { health: 'unhealthy' } });
  });

  it('survives rubbish', () => {
    const random = seededRandom(3);
    for (let round = 0; round < 2_000; round++) {
      const event = parseDockerEvent(spoil(Buffer.from(DIE), random).toString('utf8'));
      if (event !== undefined) expect(event.id).not.toBe('');
    }
    for (const line of [
      'null',
      '7',
      '[]',
      '{"Type":"container","Action":"die","Actor":null,"timeNano":1795270255430123457}',
    ])
      expect(parseDockerEvent(line)).toBeUndefined();
  });

  it('are cut at newlines wherever chunks end; what never ends takes no room', () => {
    const lines: string[] = [];
    const take = jsonLines((line) => lines.push(line));
    for (const byte of Buffer.from('{"a":1}\r\n\n{"b":"é"}\n')) take(Buffer.from([byte]));
    expect(lines).toEqual(['{"a":1}', '{"b":"é"}']);
    const chunk = Buffer.alloc(256 * 1024, 120);
    for (let i = 0; i < 40; i++) take(chunk);
    take(Buffer.from('\n{"c":2}\n'));
    expect(lines.slice(2)).toEqual(['{"c":2}']);
  });
});

describe('log frames', () => {
  const bytes = Buffer.concat([frame(1, 'one\n'), frame(2, 'two\n'), frame(1, ''), frame(1, 'three\n')]);

  it.each([1, 3, 8, 9, 1000])('are told apart in chunks of %i bytes', (step) => {
    expect(framesOf(bytes, step)).toEqual({
      found: ['stdout:one\n', 'stderr:two\n', 'stdout:three\n'],
      good: true,
    });
  });

  it('cuts a line that Docker broke into parts, and not the line of another stream', () => {
    const part = Buffer.alloc(16 * 1024, 97);
    const long = Buffer.concat([
      frame(1, part),
      frame(2, 'err\n'),
      frame(1, part),
      frame(1, 'end\n'),
      frame(1, 'next\n'),
    ]);
    const { found } = framesOf(long, 500);
    expect(found.map((line) => line.slice(0, 12).trim())).toEqual([
      'stdout:aaaaa',
      'stderr:err',
      'stdout:next',
    ]);
  });

  it('does not take a line without newline for the beginning of the next', () => {
    expect(framesOf(Buffer.concat([frame(1, 'last words'), frame(1, 'reborn\n')]), 7).found).toHaveLength(2);
  });

  it('ends at bytes that are no frames, and holds no more than a line of a frame that never ends', () => {
    expect(framesOf(Buffer.from('plain text of a terminal\n'), 5)).toEqual({ found: [], good: false });
    const endless = frame(1, 'x');
    endless.writeUInt32BE(0xffffffff, 4);
    const before = process.memoryUsage().arrayBuffers;
    const take = frameReader(() => {});
    take(endless);
    const chunk = Buffer.alloc(1024 * 1024, 120);
    for (let i = 0; i < 200; i++) expect(take(chunk)).toBe(true);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(20 * 1024 * 1024);
    const random = seededRandom(8);
    for (let i = 0; i < 500; i++) framesOf(noise(200, random), 13);
  });
});

describe('a log line', () => {
  const line = (text: string) => toLogLine('db', { stream: 'stdout', bytes: Buffer.from(text), readAt: 5 });

  it('has its own time, no newline, and at most 4,096 characters', () => {
    expect(line('2026-11-21T13:58:54.123456789Z hello\r\n')).toEqual({
      workload: 'db',
      stream: 'stdout',
      at: Date.UTC(2026, 10, 21, 13, 58, 54, 123),
      text: 'hello',
    });
    expect(line(`2026-11-21T13:58:54Z ${'é'.repeat(9_000)}`).text).toHaveLength(4_096);
    expect(line('2026-11-21T13:58:54.1Z \n').text).toBe('');
    expect(line('no time\n')).toMatchObject({ at: 5, text: 'no time' });
    expect(line('2026-99-99T99:99:99Z odd')).toMatchObject({ at: 5 });
  });
});

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
    ...over,
  });

  it('is read from the list, whatever the daemon leaves out', () => {
    expect(row()).toMatchObject({ name: 'db', state: 'running', health: 'none', networks: [], ports: [] });
    expect(row({ Status: 'Up 2 s (health: starting)' }).state).toBe('starting');
    expect(row({ Status: 'Up 2 s (unhealthy)' })).toMatchObject({ state: 'running', health: 'unhealthy' });
    expect(row({ Names: null, State: undefined })).toMatchObject({ name: 'a'.repeat(12), state: 'unknown' });
    expect(() => fromInspect({ Id: 'b', Name: '/x', State: { Status: 'created' } } as never)).not.toThrow();
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

it('no more than so many at once, in order', async () => {
  const flight = new InFlight(3);
  const order: number[] = [];
  let running = 0;
  let most = 0;
  const task = (n: number) => async () => {
    order.push(n);
    most = Math.max(most, ++running);
    await new Promise((resolve) => setTimeout(resolve, 1));
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
