import { describe, expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { ListenQueue } from '../../source/probes/samples.js';
import { type Finding, modeOf } from '../../source/store/finding.js';
import { containerServices } from '../helpers/container-world.js';
import { watch } from '../helpers/history.js';
import { firing, run } from '../helpers/host-run.js';
import { inside, insideSockets } from '../helpers/inside.js';
import { ERROR_500, everyTarget, http, kernel, sockets } from '../helpers/samples.js';

const queue = (port: number, over: Partial<ListenQueue> = {}): ListenQueue => ({
  service: null,
  address: '0.0.0.0',
  port,
  queued: 129,
  backlog: 128,
  ...over,
});
const listening = (...listeners: readonly ListenQueue[]) => ({ sockets: { ...sockets(), listeners } });

it('overflow is seen in the counter, and ends when it stops', () => {
  const looks = run(80, (t) => ({ kernel: kernel({ 'TcpExt.ListenOverflows': Math.min(t, 30) * 3 }) }));
  const found = firing(looks, 'listen-overflow');
  expect(found.length).toBeGreaterThan(5);
  expect(found.at(-1)?.finding).toMatchObject({ subject: { kind: 'host' } });
  expect(found[0]?.finding.title).toBe('Listen queue overflow on this host: 3 /s connections dropped');
  expect(looks.at(-1)?.findings).toEqual([]);
});

it('a full queue is named with its port; a short one of a busy server is not', () => {
  const full = run(20, () => ({ sockets: sockets({ queued: 129, backlog: 128 }) }));
  expect(firing(full, 'listen-overflow')[0]?.finding.target).toContain('5000');
  const busy = run(20, () => ({ sockets: sockets({ queued: 100, backlog: 128 }) }));
  const unknown = run(20, () => ({ sockets: sockets({ queued: 100, backlog: null }) }));
  for (const looks of [busy, unknown]) expect(looks.flatMap((look) => look.findings)).toEqual([]);
});

it('two full queues are two findings, and go one by one', () => {
  const looks = run(60, (t) => listening(...(t <= 20 ? [queue(81)] : []), queue(80, { service: 'shop' })));
  const at = (t: number) => looks.find((look) => look.t === t)?.findings.map(({ title }) => title) ?? [];
  expect([...at(20)].sort()).toEqual([
    'Listen queue full at 0.0.0.0 port 81: 129 of 128 connections wait',
    'Listen queue full at shop port 80: 129 of 128 connections wait',
  ]);
  expect(at(60)).toEqual(['Listen queue full at shop port 80: 129 of 128 connections wait']);
});

it('what the counter drops is the queue that is nearly full; the host is named only where none is', () => {
  const drops = (t: number) => ({ kernel: kernel({ 'TcpExt.ListenOverflows': t * 3 }) });
  const found = firing(
    run(30, (t) => ({ ...drops(t), ...listening(queue(80, { queued: 100 }), queue(81, { queued: 2 })) })),
    'listen-overflow',
  );
  expect(new Set(found.map(({ finding }) => finding.key))).toEqual(
    new Set(['listen-overflow@listener:0.0.0.0:80']),
  );
  expect(found.at(-1)?.finding.evidence.map(({ signal }) => signal)).toContain(
    'kernel.TcpExt.ListenOverflows',
  );
});

describe('targets that fail', () => {
  const OTHER = '10.9.0.9:80';
  const alone = (name: string) => ({ networks: [{ name, address: '172.20.0.2' }] });
  const looks = watch(
    30,
    (t) => ({
      services: containerServices({
        front: { container: alone('front') },
        'shop-1': { container: alone('shop') },
        'shop-2': { container: alone('shop') },
        store: { container: alone('store') },
      }),
      ...listening(queue(5000, { service: 'front' })),
      ...(t % 2 === 0
        ? {
            ...everyTarget(ERROR_500, 500),
            'http:GET other': { ...http('GET other', ERROR_500, 500), url: `http://${OTHER}/` },
            'http:GET store': { ...http('GET store', ERROR_500, 500), url: 'http://127.0.0.1:5432/' },
          }
        : {}),
    }),
    allModes(),
  );
  const errorsAt = (address: string): Finding | undefined =>
    looks.at(-1)?.findings.find(({ key }) => key === `http-errors@target:${address}`);

  it('at its address are explained by it', () => {
    expect(modeOf(errorsAt('127.0.0.1:5000')?.explainedBy ?? '')).toBe('listen-overflow');
  });
  it('at another workload are not', () => {
    expect(errorsAt('127.0.0.1:5432')).toMatchObject({ state: 'firing', explainedBy: null });
  });
});

describe('what would help', () => {
  const fixOf = (world: (t: number) => Record<string, unknown>) =>
    firing(run(10, world), 'listen-overflow')[0]?.finding.fix.map(
      ({ text, command }) => `${text} | ${command ?? ''}`,
    );
  const process = { pid: 812, name: 'python3 app.py' };

  it('is at the program, which asks for a short queue itself', () => {
    const pressed = { process, somaxconn: 4096 };
    const fix = fixOf(() => listening(queue(80, { queued: 6, backlog: 5, pressed })));
    expect(fix?.[0]).toContain('why python3 app.py does not accept');
    expect(fix?.[0]).toContain('-p 812');
    expect(fix?.[1]).toContain('python3 app.py asks for 5 itself');
    expect(fix?.[1]).toContain('up to 4096');
    expect(fix?.join()).not.toContain('sysctl');
  });

  it('is the limit of the network only where that is what holds it', () => {
    const pressed = { process, somaxconn: 128 };
    const fix = fixOf(() => listening(queue(80, { pressed })));
    expect(fix?.[1]).toContain('sysctl -w net.core.somaxconn=4096');
  });
});

it('a full queue within a container is named by the container', () => {
  const found = firing(
    run(10, () => ({
      'inside:web': inside('web', {
        sockets: {
          ...insideSockets({}),
          listeners: [queue(80, { queued: 6, backlog: 5, pressed: { process: null, somaxconn: 5 } })],
        },
      }),
    })),
    'listen-overflow',
  )[0]?.finding;
  expect(found?.title).toBe('Listen queue full at web port 80: 6 of 5 connections wait');
  expect(found?.fix[1]?.command).toContain('--sysctl net.core.somaxconn=4096');
});
