import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { HalfOpen, ListenQueue } from '../../source/probes/samples.js';
import { containerServices } from '../helpers/container-world.js';
import { type Look, type World, watch } from '../helpers/history.js';
import { firing } from '../helpers/host-run.js';
import { inside, insideKernel, insideSockets } from '../helpers/inside.js';
import { kernel, sockets } from '../helpers/samples.js';

const run = (seconds: number, world: (t: number) => World): readonly Look[] =>
  watch(seconds, world, allModes());
const named = (looks: readonly Look[]) => firing(looks, 'connection-storm');

const half = (count: number, over: Partial<HalfOpen> = {}): HalfOpen => ({
  ...{
    address: '10.7.0.1',
    port: 8080,
    count,
    backlog: 64,
    clients: 1,
    peers: [{ peer: '10.7.0.2', count }],
  },
  ...over,
});
const queue = (queued: number): ListenQueue => ({
  ...{ service: null, address: '10.7.0.1', port: 8080, queued, backlog: 64 },
});
const host = (halfOpen: readonly HalfOpen[], counters: Record<string, number>, queued = 0): World => ({
  sockets: { ...sockets(), halfOpen, listeners: [queue(queued)] },
  kernel: kernel(counters),
});

describe('a queue of half-open connections that is full', () => {
  it('and drops is named within seconds, with its port, its clients and the way out', () => {
    const process = { pid: 7, name: 'python3 app.py' };
    const looks = run(12, (t) => host([half(49, { process })], { 'TcpExt.ListenDrops': 150 * t }));
    expect(named(looks)[0]?.t).toBeLessThanOrEqual(6);
    expect(named(looks).at(-1)?.finding).toMatchObject({
      severity: 'critical',
      target: 'python3 app.py port 8080',
      title: 'Connection storm at python3 app.py port 8080: 49 half-open connections, 100 % from 10.7.0.2',
    });
    const commands = named(looks)
      .at(-1)
      ?.finding.fix.flatMap(({ command }) => command ?? []);
    expect(commands?.join()).toContain('tcp_syncookies=1');
  });

  it('and answers with cookies hurts less', () => {
    const looks = run(12, (t) =>
      host([half(65)], { 'TcpExt.SyncookiesSent': 20 * t, 'TcpExt.TCPReqQFullDoCookies': 20 * t }),
    );
    expect(named(looks).at(-1)?.finding.severity).toBe('warning');
    expect(
      named(looks)
        .at(-1)
        ?.finding.fix.map(({ text }) => text)
        .join(),
    ).not.toContain('SYN cookies');
  });

  it('of thousands that ask once each is called what it may be', () => {
    const peers = Array.from({ length: 32 }, (_, i) => ({ peer: `198.51.100.${i}`, count: 1 }));
    const looks = run(12, (t) =>
      host([half(300, { clients: 300, peers })], { 'TcpExt.ListenDrops': 90 * t }),
    );
    expect(named(looks).at(-1)?.finding.title).toContain('from 300 addresses, none of them known here');
  });

  it('is over once it drops nothing', () => {
    const looks = run(80, (t) =>
      host([half(t < 20 ? 49 : 5)], { 'TcpExt.ListenDrops': 150 * Math.min(t, 20) }),
    );
    expect(named(looks).length).toBeGreaterThan(5);
    expect(looks.at(-1)?.findings).toEqual([]);
  });
});

describe('is none', () => {
  it('while nothing is dropped and no cookie sent, however many are half-open', () => {
    expect(named(run(20, () => host([half(60)], {})))).toEqual([]);
  });

  it('where the queue of accepted ones is the full one: the server does not accept', () => {
    const drops = (t: number) => ({ 'TcpExt.ListenDrops': 50 * t, 'TcpExt.ListenOverflows': 50 * t });
    const looks = run(20, (t) => host([half(30)], { ...drops(t), 'TcpExt.TCPReqQFullDoCookies': 9 * t }, 65));
    expect(named(looks)).toEqual([]);
    expect(firing(looks, 'listen-overflow').length).toBeGreaterThan(0);
    expect(named(run(20, (t) => host([half(30)], drops(t))))).toEqual([]);
  });

  it('where drops come without anything half-open', () => {
    expect(named(run(20, (t) => host([], { 'TcpExt.ListenDrops': 50 * t })))).toEqual([]);
  });
});

it('within a container it is the container’s, and its clients are named as what they are', () => {
  const api = (n: number) => ({
    group: 'api',
    container: { networks: [{ name: 'shop', address: `172.20.0.${n}` }] },
  });
  const peers = [11, 12, 13].map((n) => ({ peer: `172.20.0.${n}`, count: 10 }));
  const looks = run(25, (t) => ({
    services: containerServices({
      ...{ front: api(11), 'shop-1': api(12), 'shop-2': api(13) },
      store: { container: { networks: [{ name: 'shop', address: '172.20.0.5' }] } },
    }),
    ...(t % 5 === 0
      ? {
          'inside:store': inside('store', {
            sockets: insideSockets({}, { halfOpen: [half(31, { clients: 4, peers, backlog: 32 })] }),
            kernel: insideKernel({ 'TcpExt.SyncookiesSent': 100 * t, 'TcpExt.ListenDrops': 0 }),
          }),
        }
      : {}),
  }));
  expect(named(looks).at(-1)?.finding).toMatchObject({
    target: 'store port 8080',
    title: 'Connection storm at store port 8080: 31 half-open connections, 96.8 % from 3 containers of api',
  });
});
