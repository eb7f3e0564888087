import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import { modeOf } from '../../source/store/finding.js';
import { watch } from '../helpers/history.js';
import { firing, run } from '../helpers/host-run.js';
import { edge, edges } from '../helpers/inside.js';
import { networkRun, ONSET } from '../helpers/network-world.js';
import { conntrack, kernel, sockets } from '../helpers/samples.js';

const losing = (percent: number, segments: number) => (t: number) => ({
  kernel: kernel({ 'Tcp.OutSegs': segments * t, 'Tcp.RetransSegs': (segments * t * percent) / 100 }),
});

it('above 1 % is named, as a warning however much it is, and never above 100 %', () => {
  const found = firing(run(60, losing(2, 200)), 'retransmission').at(-1)?.finding;
  expect(found?.severity).toBe('warning');
  expect(found?.title).toBe('2.0 % of the data that this host sends is sent again');
  const much = firing(run(60, losing(590, 200)), 'retransmission').at(-1)?.finding;
  expect(much?.severity).toBe('warning');
  expect(much?.title).toBe('85.5 % of the data that this host sends is sent again');
});

it('counts the data that is sent and not the acknowledgements, where the kernel tells them apart', () => {
  const download = (t: number) => ({
    kernel: kernel({ 'Tcp.OutSegs': 5000 * t, 'TcpExt.TCPOrigDataSent': 20 * t, 'Tcp.RetransSegs': 2 * t }),
  });
  expect(firing(run(60, download), 'retransmission').at(-1)?.finding.title).toContain('9.1 %');
});

it('of openings without an answer, or to a full listener, says nothing', () => {
  const opening = (t: number) => ({
    kernel: kernel({ 'Tcp.OutSegs': 30 * t, 'Tcp.RetransSegs': 60 * t, 'TcpExt.TCPSynRetrans': 60 * t }),
  });
  const overflowing = (t: number) => ({
    kernel: kernel({
      ...{ 'Tcp.OutSegs': 30 * t, 'Tcp.RetransSegs': 70 * t, 'TcpExt.TCPSynRetrans': 10 * t },
      ...{ 'TcpExt.ListenDrops': 60 * t, 'TcpExt.ListenOverflows': 60 * t },
    }),
  });
  for (const world of [opening, overflowing]) expect(firing(run(60, world), 'retransmission')).toEqual([]);
});

it('of what came to peers that had closed says nothing', () => {
  const world = (toClosed: number) => (t: number) => ({
    kernel: kernel({ 'Tcp.OutSegs': 40 * t, 'Tcp.RetransSegs': t }),
    ...(t % 2 === 0
      ? {
          sockets: {
            ...sockets(),
            edges: { ...edges(edge('127.0.0.1:9000', { sent: 30, toClosed })), sinceMs: 2_000 },
          },
        }
      : {}),
  });
  expect(firing(run(60, world(2)), 'retransmission')).toEqual([]);
  expect(firing(run(60, world(0)), 'retransmission').length).toBeGreaterThan(0);
});

it('of a single segment, which may be a probe of the tail, says nothing', () => {
  const one = (t: number) => ({
    kernel: kernel({ 'Tcp.OutSegs': 2 * t, 'Tcp.RetransSegs': t >= 10 ? 1 : 0 }),
  });
  expect(run(60, one).flatMap((look) => look.findings)).toEqual([]);
});

it('of next to no traffic says nothing', () => {
  expect(run(60, losing(50, 0.5)).flatMap((look) => look.findings)).toEqual([]);
  expect(run(60, losing(0.4, 200)).flatMap((look) => look.findings)).toEqual([]);
});

it('is told what it is not by the figures of those modes', () => {
  const world = (t: number) => ({ ...losing(2, 200)(t), conntrack: conntrack(0.1) });
  const found = firing(run(60, world), 'retransmission').at(-1)?.finding;
  expect(found?.ruledOut).toEqual([
    {
      id: 'listen-overflow',
      title: 'a full listener',
      because: 'no listener of this host drops a connection',
    },
    {
      id: 'conntrack-full',
      title: 'a full conntrack table',
      because: '10 % of it is used, nothing is dropped',
    },
  ]);
});

it('follows from packet loss at a container that this host asks itself, and not from loss elsewhere', () => {
  const lossAt = (name: string) =>
    watch(
      60,
      networkRun((s) => ({
        resent: (other) => (other === name ? 9 : 0),
        way: (source, target) => ([source, target].includes(name) && s % 2 === 0 ? { ms: 1009 } : undefined),
        world: losing(9, 200)(s + ONSET),
      })),
      allModes(),
    )
      .at(-1)
      ?.findings.filter(({ state }) => state === 'firing')
      .map(({ key, explainedBy }) => [key, explainedBy && modeOf(explainedBy)]);
  expect(lossAt('front')).toEqual([
    ['packet-loss@workload:front', null],
    ['retransmission@host:this host', 'packet-loss'],
  ]);
  expect(lossAt('shop-1')).toEqual([
    ['packet-loss@workload:shop-1', null],
    ['retransmission@host:this host', null],
  ]);
});
