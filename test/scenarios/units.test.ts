import { expect, it } from 'vitest';
import { allModes } from '../../scenarios/index.js';
import type { ListenQueue, Unit } from '../../source/probes/samples.js';
import { START, type World, watch } from '../helpers/history.js';
import { edge, edges } from '../helpers/inside.js';
import { ERROR_500, everyTarget, HANG, REFUSED, sockets } from '../helpers/samples.js';

const unit = (name: string, more: Partial<Unit> = {}): Unit => ({
  ...{ name, state: 'failed', ending: 'ended with exit code 3', result: 'exit-code', restarts: 0 },
  ...{ restartPolicy: 'no', oneshot: false, command: `/usr/bin/${name.split('.')[0]}` },
  ...{ endedAt: START - 60_000, startedAt: null },
  ...more,
});
const units = (...all: readonly Unit[]) => ({ units: { units: all } });
const nobody = { ...sockets(), listeners: [] };

/** What is named after some seconds, but for what http-errors and its like say of a target themselves. */
const named = (world: (t: number) => World, seconds = 12) =>
  (watch(seconds, world, allModes()).at(-1)?.findings ?? []).filter(({ state }) => state === 'firing');

it('a refused target is told with the failed service whose command names its port', () => {
  const [first, ...others] = named(() => ({
    ...everyTarget(REFUSED),
    ...units(unit('other.service'), unit('app.service', { command: '/usr/bin/app --port 5000' })),
    sockets: nobody,
  }));
  expect(first).toMatchObject({
    id: 'service-stopped',
    severity: 'critical',
    title: 'app.service has failed (ended with exit code 3): nothing listens at 127.0.0.1:5000',
  });
  expect(first?.fix.map(({ command }) => command).slice(0, 2)).toEqual([
    'journalctl -u app.service -n 50 --no-pager',
    'systemctl start app.service',
  ]);
  expect(others.map(({ severity, target }) => [severity, target])).toContainEqual([
    'notice',
    'other.service',
  ]);
  expect(others.some(({ target }) => target.includes('app.service'))).toBe(false);
});

it('a number that is part of another is no port', () => {
  const [first] = named(() => ({
    ...everyTarget(REFUSED),
    ...units(unit('app.service', { command: '/usr/bin/app --max 15000 10.5000.1 --db x:50001' })),
    sockets: nobody,
  }));
  expect(first?.title).toBe('Nothing listens at 127.0.0.1:5000');
});

it('a service that listened before our eyes is named at once; stopped by hand it is started, and not called failed', () => {
  const left = [{ unit: 'app.service', port: 5000, at: START + 3_000 }];
  const world = (t: number): World => ({
    ...everyTarget(t < 3 ? undefined : REFUSED),
    ...(t === 1 || t === 10 ? units() : {}),
    sockets: t < 3 ? sockets() : { ...nobody, left },
  });
  expect(named(world, 8)[0]?.title).toBe(
    'app.service does not listen any more: nothing listens at 127.0.0.1:5000',
  );
  const [later] = named(world, 12);
  expect(later?.title).toBe('app.service does not run: nothing listens at 127.0.0.1:5000');
  expect(later?.fix[0]?.command).toBe('systemctl start app.service');
});

it('behind a target that fails, the failed service that it asks for is the cause', () => {
  const asking = edge('127.0.0.1:9000', { states: {}, failed: 3 });
  const all = named(() => ({
    ...everyTarget(ERROR_500, 500),
    ...units(unit('back.service', { command: '/usr/bin/back -l 127.0.0.1:9000' })),
    sockets: { ...sockets(), edges: edges(asking) },
  }));
  expect(all[0]).toMatchObject({ id: 'service-stopped', severity: 'critical' });
  expect(all[0]?.target).toBe('back.service (port 9000)');
  expect(all.filter(({ id }) => id === 'http-errors').every(({ explainedBy }) => explainedBy !== null)).toBe(
    true,
  );
});

it('a failed service that nobody misses is a notice, a job that failed as well', () => {
  const all = named(() => ({
    ...everyTarget(),
    ...units(unit('backup.service', { oneshot: true, command: '/usr/bin/backup 5000' }), unit('old.service')),
    sockets: sockets(),
  }));
  expect(all.map(({ severity }) => severity)).toEqual(['notice', 'notice']);
});

it('one that ends again and again is never told to be started, missed or not', () => {
  const loop = (more: Partial<Unit>) =>
    unit('app.service', { state: 'restarting', restarts: 7, restartPolicy: 'always', ...more });
  const missed = named(() => ({
    ...everyTarget(REFUSED),
    ...units(loop({ command: '/usr/bin/app --port 5000' })),
    sockets: nobody,
  }));
  expect(missed[0]).toMatchObject({ id: 'service-stopped', severity: 'critical' });
  expect(missed[0]?.title).toBe(
    'app.service ends again and again: 7 restarts, last it ended with exit code 3',
  );
  expect(missed.filter(({ explainedBy }) => explainedBy === null)).toHaveLength(1);
  expect(JSON.stringify(missed)).not.toMatch(/systemctl (start|restart)/);
  const [unmissed] = named(() => ({ ...everyTarget(), ...units(loop({})), sockets: sockets() }));
  expect(unmissed?.severity).toBe('warning');
});

it('one that was restarted long ago and runs is no loop', () => {
  const runs = unit('app.service', {
    state: 'running',
    restarts: 9,
    startedAt: START - 3_600_000,
    ending: null,
  });
  expect(named(() => ({ ...everyTarget(), ...units(runs), sockets: sockets() }))).toEqual([]);
});

it('who hangs is told with its service, and restarted by it', () => {
  const holder = { pid: 1234, name: 'nginx', unit: 'nginx.service' };
  const listeners: ListenQueue[] = [
    { service: null, address: '127.0.0.1', port: 5000, queued: 9, backlog: 128, holder },
  ];
  const [first] = named(
    () => ({ ...everyTarget(HANG), ...units(), sockets: { ...sockets(), listeners } }),
    30,
  );
  expect(first?.title).toBe(
    'nginx.service (nginx 1234) at 127.0.0.1:5000 takes connections and does not answer',
  );
  expect(first?.fix[0]?.command).toBe('systemctl restart nginx.service');
});

it('quotes what a failed service said last, and who cannot be without it', () => {
  const [first] = named(() => ({
    ...everyTarget(),
    ...units(
      unit('db.service', { lastWords: 'FATAL: data directory is not there', requiredBy: ['api.service'] }),
    ),
    sockets: sockets(),
  }));
  expect(first?.evidence[0]?.value).toContain(
    'api.service cannot be without it (Requires=); it said last: FATAL: data directory is not there',
  );
});

it('a service that a socket starts is told at the port of its socket, once, and started by that', () => {
  const socket = { ports: [5000], failedSocket: 'app.socket' };
  const all = named(() => ({
    ...everyTarget(REFUSED),
    ...units(unit('app.service', socket)),
    sockets: { ...nobody, left: [{ unit: 'app.socket', port: 5000, at: START }] },
  }));
  expect(all[0]).toMatchObject({ id: 'service-stopped', severity: 'critical' });
  expect(all[0]?.fix.map(({ command }) => command)).toContain(
    'systemctl reset-failed app.service app.socket; systemctl start app.socket',
  );
  expect(all.filter(({ id }) => id === 'service-stopped')).toHaveLength(1);
});

it('one that was stopped before is named where its port is asked for in vain, and nowhere else', () => {
  const stopped = unit('back.service', {
    ...{ state: 'stopped', ending: null, result: 'success', command: '/usr/bin/back -l 127.0.0.1:9000' },
  });
  const asking = edge('127.0.0.1:9000', { states: {}, failed: 3, units: ['nginx.service'] });
  const all = named(() => ({
    ...everyTarget(ERROR_500, 500),
    ...units(stopped),
    sockets: { ...sockets(), edges: edges(asking) },
  }));
  expect(all[0]).toMatchObject({ id: 'service-stopped', target: 'back.service (port 9000)' });
  expect(all[0]?.fix[0]?.command).toBe('systemctl start back.service');
  expect(named(() => ({ ...everyTarget(), ...units(stopped), sockets: sockets() }))).toEqual([]);
});

it('one that systemd gave up after several tries is a warning, whoever misses it', () => {
  const gaveUp = unit('app.service', { restarts: 96, restartPolicy: 'always' });
  const [first] = named(() => ({ ...everyTarget(), ...units(gaveUp), sockets: sockets() }));
  expect(first?.severity).toBe('warning');
});
