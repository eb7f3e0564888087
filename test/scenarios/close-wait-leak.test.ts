import { expect, it } from 'vitest';
import type { CloseWaitHolder } from '../../source/probes/samples.js';
import { firing, run } from '../helpers/host-run.js';
import { inside, insideSockets } from '../helpers/inside.js';
import { sockets } from '../helpers/samples.js';

const PROCESS = { pid: 812, name: 'python3 app.py' };
const holder = (over: Partial<CloseWaitHolder>): CloseWaitHolder => ({
  ...{ service: 'shop', process: PROCESS, count: 0, old: 0, busy: 0, open: 3, towards: null, port: null },
  ...over,
});
const held = (...closeWait: readonly CloseWaitHolder[]) => ({ sockets: { ...sockets(), closeWait } });
const named = (looks: ReturnType<typeof run>) => firing(looks, 'close-wait-leak');

it('what lies there when the look begins is named at once, though it does not grow', () => {
  const found = named(run(8, () => held(holder({ count: 80, old: 80 }))));
  expect(found[0]?.t).toBeLessThanOrEqual(4);
  expect(found[0]?.finding).toMatchObject({
    target: 'shop',
    subject: { kind: 'workload', id: 'shop' },
    severity: 'warning',
    title: 'CLOSE-WAIT leak in shop: 80 connections that it does not close',
  });
});

it('that rises and never falls is a leak before any of them is old, or where no age is told', () => {
  for (const old of [0, null])
    expect(named(run(60, (t) => held(holder({ count: t * 4, old })))).length).toBeGreaterThan(0);
});

it('that comes and goes is none, and neither are a few old ones, nor some among many that are open', () => {
  const waves = run(120, (t) => held(holder({ count: 60 + (t % 10) * 5, old: 0 })));
  const few = run(60, () => held(holder({ count: 20, old: 20 })));
  const busy = run(60, () => held(holder({ count: 80, old: 80, open: 4_000 })));
  for (const looks of [waves, few, busy]) expect(named(looks)).toEqual([]);
});

it('of two workloads is two findings; one that holds as many and closes them is none', () => {
  const well = { pid: 9, name: 'nginx' };
  const looks = run(60, (t) =>
    held(
      holder({ service: 'mail', count: 90, old: 80 }),
      holder({ count: 40, old: 30 }),
      holder({ service: 'well', process: well, count: 60 + (t % 10) }),
    ),
  );
  expect(new Set(named(looks).map(({ finding }) => finding.target))).toEqual(new Set(['mail', 'shop']));
});

it('of a process that is no workload is called by its program', () => {
  const found = named(run(8, () => held(holder({ service: null, count: 30, old: 28 }))));
  expect(found.at(-1)?.finding).toMatchObject({
    target: 'python3 app.py',
    subject: { kind: 'workload', id: 'python3 app.py 812' },
  });
});

it('within a container is the container, and each of its processes that leaks', () => {
  const closeWait = [
    holder({ service: null, count: 300, old: 200 }),
    holder({ service: null, process: { pid: 9, name: 'java' }, count: 90, old: 90 }),
  ];
  const found = named(
    run(8, () => ({ 'inside:web': inside('web', { sockets: { ...insideSockets({}), closeWait } }) })),
  );
  expect(new Set(found.map(({ finding }) => finding.target))).toEqual(new Set(['web', 'java in web']));
});

it('says where in the code to look: at what it calls, or at what calls it', () => {
  const laterOf = (over: Partial<CloseWaitHolder>): string | undefined =>
    named(run(8, () => held(holder({ count: 30, old: 30, ...over })))).at(-1)?.finding.fix[1]?.text;
  expect(laterOf({ towards: { peer: '10.0.0.9:80', count: 30 } })).toContain('every response of 10.0.0.9:80');
  expect(laterOf({ port: 9000 })).toContain('at port 9000');
});

it('goes once its owner has closed them', () => {
  const looks = run(60, (t) => held(holder(t < 20 ? { count: 80, old: 80 } : { count: 3, old: 3 })));
  expect(named(looks).length).toBeGreaterThan(0);
  expect(looks.at(-1)?.findings).toEqual([]);
});
