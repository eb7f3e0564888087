import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { UnixQueue } from '../../source/probes/samples.js';
import { containerServices } from '../helpers/container-world.js';
import { type Look, type World, watch } from '../helpers/history.js';
import { edge, edges, inside } from '../helpers/inside.js';
import { http, sockets } from '../helpers/samples.js';

const queue = (over: Partial<UnixQueue>): UnixQueue => ({
  ...{ path: '/run/php/fpm.sock', queued: 3, backlog: 128, headForMs: 0 },
  process: { pid: 70, name: 'php-fpm8.2' },
  pids: [70, 71, 72],
  waiters: [{ pid: 80, name: 'nginx', ports: [8080] }],
  ...over,
});
const world = (over: Partial<UnixQueue>): World => ({ sockets: { ...sockets(), unixQueues: [queue(over)] } });
const STOPPED = { by: 'signal', processes: 2, pids: [71, 72] } as const;
const run = (seconds: number, of: (t: number) => World) => watch(seconds, of, allModes());
const firing = (looks: readonly Look[]) =>
  (looks.at(-1)?.findings ?? []).filter(({ state }) => state === 'firing');

it('who is stopped and waited for at a path is named, with who waits', () => {
  const [found, ...others] = firing(run(10, (t) => world({ stopped: STOPPED, headForMs: 1_000 * t })));
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    ...{ id: 'service-hung', severity: 'critical', target: 'nginx → unix:/run/php/fpm.sock' },
    title: 'php-fpm8.2 at unix:/run/php/fpm.sock is frozen: its 2 processes are stopped by a signal',
  });
});

it('a target that waits for it stands below it', () => {
  const silent = http('GET it', { kind: 'timeout', phase: 'firstByte', text: 'no answer after 5.0 s' });
  const looks = run(20, (t) => ({
    ...world({ stopped: STOPPED, headForMs: 1_000 * t }),
    'http:GET it': { ...silent, url: 'http://127.0.0.1:8080/', address: '127.0.0.1' },
  }));
  const alone = firing(looks).filter(({ explainedBy }) => !explainedBy);
  expect(alone.map(({ target }) => target)).toEqual(['nginx → unix:/run/php/fpm.sock']);
});

it('one that runs is named once its first has waited for ten seconds, and not alone', () => {
  const at = (over: Partial<UnixQueue>) => firing(run(20, (t) => world({ headForMs: 1_000 * t, ...over })));
  expect(at({}).map(({ id }) => id)).toEqual(['service-hung']);
  expect(at({ headForMs: 4_000 })).toEqual([]);
  expect(at({ queued: 1 })).toEqual([]);
});

it('is not told where its processes wait for somebody else themselves', () => {
  const toDatabase = (pid: number) =>
    ({ ...edge('10.0.0.9:5432', { unanswered: { count: 4, longestMs: 9_000 } }), pids: [pid] }) as const;
  const at = (pid: number) =>
    firing(
      run(20, (t) => ({
        sockets: {
          ...sockets(),
          edges: edges(toDatabase(pid)),
          unixQueues: [queue({ headForMs: 1_000 * t })],
        },
      })),
    ).filter(({ id }) => id === 'service-hung');
  expect(at(72)).toEqual([]);
  expect(at(99)).toHaveLength(1);
});

it('within a container it is told as that container’s', () => {
  const looks = run(20, (t) => ({
    services: containerServices({ web: {} }),
    sockets: sockets(),
    'inside:web': inside('web', { unixQueues: [queue({ headForMs: 1_000 * t, waiters: [] })] }),
  }));
  expect(firing(looks)).toMatchObject([
    { id: 'service-hung', target: 'clients → unix:/run/php/fpm.sock in web', severity: 'critical' },
  ]);
});

it('a full queue that moves has too few workers, or too slow ones', () => {
  const [found, ...others] = firing(run(20, () => world({ queued: 129 })));
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    id: 'listen-overflow',
    title: 'Listen queue full at unix:/run/php/fpm.sock (php-fpm8.2): 129 of 128 connections wait',
  });
});
