import { expect, it } from 'vitest';
import type { SocketsSample } from '../../source/probes/samples.js';
import { firing, run } from '../helpers/host-run.js';
import { sockets } from '../helpers/samples.js';

/** CLOSE-WAIT by owner; what is beyond that in the total has no owner that is known. */
function held(byOwner: Readonly<Record<string, number>>, unowned = 0): { readonly sockets: SocketsSample } {
  const all = Object.values(byOwner).reduce((sum, count) => sum + count, unowned);
  const perService = Object.entries(byOwner).map(([service, count]) => ({
    service,
    byState: { 'CLOSE-WAIT': count, ESTAB: 3 },
    inbound: 3,
    outbound: 1,
  }));
  return { sockets: { ...sockets({ closeWait: all }), perService } };
}

it('that rises and never falls is a leak', () => {
  const looks = run(120, (t) => ({ sockets: sockets({ closeWait: t * 2 }) }));
  expect(firing(looks, 'close-wait-leak').at(-1)?.finding).toMatchObject({
    target: 'shop',
    subject: { kind: 'workload', id: 'shop' },
    severity: 'warning',
    title: 'CLOSE-WAIT leak in shop: 240 connections that it does not close',
  });
});

it('that comes and goes is none, and neither is a large steady one', () => {
  const waves = run(120, (t) => ({ sockets: sockets({ closeWait: 60 + (t % 10) * 5 }) }));
  const steady = run(120, () => ({ sockets: sockets({ closeWait: 80 }) }));
  for (const looks of [waves, steady]) expect(firing(looks, 'close-wait-leak')).toEqual([]);
});

it('of two workloads is two findings; one that holds as many and closes them is none', () => {
  const looks = run(120, (t) => held({ shop: t * 2, mail: t * 3, well: 60 + (t % 10) }));
  const found = firing(looks, 'close-wait-leak');
  expect(new Set(found.map(({ finding }) => finding.target))).toEqual(new Set(['mail', 'shop']));
  expect(found.filter(({ t }) => t === 120)).toHaveLength(2);
});

it('of nobody we watch is a finding of this host, and not of who holds a few', () => {
  const looks = run(120, (t) => held({ shop: 4 }, t * 2));
  const found = firing(looks, 'close-wait-leak');
  expect(new Set(found.map(({ finding }) => finding.subject.kind))).toEqual(new Set(['host']));
  expect(found.at(-1)?.finding.target).toBe('an application of this host');
});

it('goes once its owner has closed them', () => {
  const looks = run(150, (t) => held({ shop: t < 100 ? t * 2 : 3 }));
  expect(firing(looks, 'close-wait-leak').length).toBeGreaterThan(0);
  expect(looks.at(-1)?.findings).toEqual([]);
});
