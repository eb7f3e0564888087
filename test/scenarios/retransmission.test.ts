import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import { modeOf } from '../../source/store/finding.js';
import { watch } from '../helpers/history.js';
import { firing, run } from '../helpers/host-run.js';
import { networkRun, ONSET } from '../helpers/network-world.js';
import { conntrack, kernel } from '../helpers/samples.js';

const losing = (percent: number, segments: number) => (t: number) => ({
  kernel: kernel({ 'Tcp.OutSegs': segments * t, 'Tcp.RetransSegs': (segments * t * percent) / 100 }),
});

it('above 1 % is named, above 5 % is critical', () => {
  const found = firing(run(60, losing(2, 200)), 'retransmission').at(-1)?.finding;
  expect(found?.severity).toBe('warning');
  expect(found?.title).toBe('Packet loss on this host: 2.0 % of TCP segments retransmitted');
  expect(firing(run(60, losing(8, 200)), 'retransmission').at(-1)?.finding.severity).toBe('critical');
});

it('of next to no traffic says nothing', () => {
  expect(run(60, losing(50, 2)).flatMap((look) => look.findings)).toEqual([]);
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
