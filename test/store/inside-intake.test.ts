import { describe, expect, it } from 'vitest';
import type { ProbeOutcome } from '../../source/probes/probe.js';
import { Intake } from '../../source/store/intake/intake.js';
import { SeriesBook } from '../../source/store/series.js';
import { cell, inside, insideKernel, insideSockets, lookups, matrix } from '../helpers/inside.js';
import { dns, NAME } from '../helpers/samples.js';

const got = (id: string, at: number, sample: unknown): ProbeOutcome => ({
  ok: true,
  id,
  at,
  tookMs: 1,
  sample,
});
const failed = (id: string, at: number): ProbeOutcome => ({
  ok: false,
  id,
  at,
  tookMs: 1,
  kind: 'not-configured',
  reason: 'it does not run',
});

function newest(intake: Intake, signal: string): number | undefined {
  return intake.series.get(signal)?.fromEnd(0)?.value;
}

describe('what containers see', () => {
  it('is kept by container, with its signals under its name', () => {
    const intake = new Intake();
    const at = (second: number, sent: number, again: number): ProbeOutcome =>
      got(
        'inside:api',
        second * 1000,
        inside('api', {
          sockets: insideSockets({ 'SYN-SENT': 3 }),
          kernel: insideKernel({ 'Tcp.OutSegs': sent, 'Tcp.RetransSegs': again }),
        }),
      );
    intake.take(at(1, 100, 0));
    intake.take(at(3, 300, 10));
    const { latest } = intake.tick(3000);
    expect(latest.inside?.api?.sample.name).toBe('api');
    expect(newest(intake, 'sockets.SYN-SENT{api}')).toBe(3);
    expect(newest(intake, 'kernel.Tcp.OutSegs{api}')).toBe(100);
    expect(newest(intake, 'kernel.retransPercent{api}')).toBeCloseTo(100 / 21);
    expect(newest(intake, 'kernel.Tcp.OutSegs')).toBeUndefined();
    expect(newest(intake, 'conntrack.fill{api}')).toBe(0);
  });

  it('gives no rate across a restart, though the new network counted further', () => {
    const intake = new Intake();
    const sample = (network: string, sent: number) =>
      inside('api', { network, kernel: insideKernel({ 'Tcp.OutSegs': sent }) });
    intake.take(got('inside:api', 1000, sample('net:[1]', 10)));
    intake.take(got('inside:api', 2000, sample('net:[2]', 5000)));
    expect(newest(intake, 'kernel.Tcp.OutSegs{api}')).toBeNaN();
    intake.take(got('inside:api', 3000, sample('net:[2]', 5007)));
    expect(newest(intake, 'kernel.Tcp.OutSegs{api}')).toBe(7);
  });

  it('says NaN for what was not measured', () => {
    const intake = new Intake();
    intake.take(got('inside:api', 1000, inside('api', { sockets: null, conntrack: null })));
    expect(newest(intake, 'sockets.ESTAB{api}')).toBeNaN();
    expect(newest(intake, 'conntrack.fill{api}')).toBeNaN();
  });

  it('goes stale with a failure and is let go two minutes later', () => {
    const intake = new Intake();
    intake.take(got('inside:api', 1000, inside('api')));
    intake.take(failed('inside:api', 2000));
    intake.take(failed('inside:never-seen', 2000));
    expect(intake.tick(2000).latest.inside).toMatchObject({ api: { at: 1000, stale: true } });
    expect(intake.tick(122_000).latest.inside).toEqual({});
  });

  it('takes names of containers as they are', () => {
    const intake = new Intake();
    for (const name of ['a:b', '__proto__', 'constructor', 'x}{y']) {
      intake.take(got(`inside:${name}`, 1000, inside(name)));
      expect(Object.hasOwn(intake.tick(1000).latest.inside ?? {}, name)).toBe(true);
    }
  });
});

describe('lookups from inside', () => {
  it('are kept apart from those of the host, by container and name', () => {
    const intake = new Intake();
    intake.take(got('dns', 1000, dns({ name: 'host.example' })));
    intake.take(got('dns:api', 1000, lookups('api', { names: dns({ late: [2500] }).names })));
    const { latest } = intake.tick(1000);
    expect(latest.dns?.sample.names[0]?.name).toBe('host.example');
    expect(latest.lookups?.api?.sample.source.name).toBe('api');
    expect(newest(intake, `dns.ok{api/${NAME}}`)).toBe(1);
    expect(newest(intake, `dns.ms{api/${NAME}}`)).toBe(42);
    expect(newest(intake, `dns.late{api/${NAME}}`)).toBe(2500);
    expect(newest(intake, `dns.ok{${NAME}}`)).toBeUndefined();
  });

  it('resolve when any server answers, and take as long as the first one', () => {
    const intake = new Intake();
    const [dead] = dns({ outcome: 'timeout', ms: 2000, resolver: '10.0.0.1:53' }).names;
    const [good] = dns({ resolver: '10.0.0.2:53' }).names;
    if (!dead || !good) throw new Error('no lookup');
    intake.take(got('dns:api', 1000, lookups('api', { names: [dead, good] })));
    expect(newest(intake, `dns.ok{api/${NAME}}`)).toBe(1);
    expect(newest(intake, `dns.ms{api/${NAME}}`)).toBe(2000);
    expect(intake.series.get(`dns.ok{api/${NAME}}`)?.length).toBe(1);
  });
});

describe('the matrix', () => {
  it('tells a connection, a failure and what was not tried apart', () => {
    const intake = new Intake();
    const sample = matrix([
      cell('api', 'db:5432'),
      cell('api', 'cache:6379', { outcome: 'timeout', errno: 'ETIMEDOUT', ms: 1500 }),
      cell('web', 'db:5432', { outcome: 'unmeasured', ms: null }),
    ]);
    intake.take(got('matrix', 1000, sample));
    expect(intake.tick(1000).latest.matrix?.sample).toBe(sample);
    expect(newest(intake, 'matrix.ok{api→db:5432}')).toBe(1);
    expect(newest(intake, 'matrix.ms{api→db:5432}')).toBe(0.3);
    expect(newest(intake, 'matrix.ok{api→cache:6379}')).toBe(0);
    expect(newest(intake, 'matrix.ms{api→cache:6379}')).toBeNaN();
    expect(newest(intake, 'matrix.ok{web→db:5432}')).toBeNaN();
  });
});

describe('a recording', () => {
  it('gives the same containers, lookups and connections as the session did', () => {
    const outcomes = [
      got('inside:api', 1000, inside('api')),
      got('dns:api', 1500, lookups('api')),
      got('matrix', 2000, matrix([cell('api', 'db:5432')])),
      failed('inside:api', 3000),
      got('inside:api', 4000, inside('api', { network: 'net:[2]' })),
    ];
    const live = new Intake();
    const replayed = new Intake();
    for (const outcome of outcomes) {
      live.take(outcome);
      replayed.take(JSON.parse(JSON.stringify(outcome)));
    }
    expect(replayed.tick(5000).latest).toEqual(live.tick(5000).latest);
    expect(replayed.series.names()).toEqual(live.series.names());
    // The ladder is climbed every 15 s: what it said last is not old before the next time.
    expect(replayed.tick(20_000).latest.lookups?.api?.stale).toBe(false);
  });
});

describe('memory', () => {
  it('stays bounded while containers come and go: the one silent for longest makes room', () => {
    const book = new SeriesBook(10, 3);
    book.push('a', 0, 1);
    book.push('b', 1000, 1);
    book.push('c', 100_000, 1);
    book.push('d', 100_000, 1);
    expect(book.names()).toEqual(['a', 'b', 'c']);
    book.push('d', 130_000, 1);
    expect(book.names()).toEqual(['b', 'c', 'd']);
  });

  it('grows a signal up to its capacity and keeps the order', () => {
    const book = new SeriesBook(100, 3);
    for (let i = 0; i < 250; i++) {
      book.push('a', i, i);
      const held = book.get('a')?.since(0) ?? [];
      expect(held.length).toBe(Math.min(i + 1, 100));
      expect(held.at(-1)?.value).toBe(i);
      expect(held[0]?.value).toBe(Math.max(0, i - 99));
    }
  });
});
