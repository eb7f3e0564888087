import type { World } from './history.js';
import {
  conntrack,
  dns,
  ERROR_500,
  everyTarget,
  FROZEN,
  HANG,
  KILLED,
  kernel,
  logs,
  POSTGRES_FULL,
  POSTGRES_GONE,
  POSTGRES_SILENT,
  postgres,
  REFUSED,
  services,
  sockets,
} from './samples.js';

/** Runs of the lab as its probes would see them, second by second. Everything is well until `ONSET`. */
export const ONSET = 20;

type Run = (t: number) => World;

const every = (seconds: number, t: number, world: World): World => (t % seconds === 0 ? world : {});
const counters = (t: number, opens = 3 * t): World => ({
  kernel: kernel({ 'Tcp.PassiveOpens': opens, 'Tcp.OutSegs': 50 * t }),
});

const well: Run = (t) => ({
  ...every(2, t, { ...everyTarget(), dns: dns(), postgres: postgres() }),
  services: services(),
  sockets: sockets({ askers: t % 7 === 0 ? 1 : 0 }),
  conntrack: conntrack(0.002),
  ...counters(t),
});

/** A run that is well and then takes the sick world's answers instead; `s` counts seconds since the onset. */
const then =
  (sick: (s: number, t: number) => World): Run =>
  (t) =>
    t <= ONSET
      ? well(t)
      : {
          services: services(),
          sockets: sockets(),
          conntrack: conntrack(0.002),
          ...counters(t),
          ...sick(t - ONSET, t),
        };

/** Hangs are reported when they end: five seconds after they began, then every five or so. */
const hangs = (s: number): World => (s >= 5 && (s - 5) % 6 === 0 ? everyTarget(HANG) : {});
const errors = (s: number): World => every(2, s, everyTarget(ERROR_500, 500));
const fine = (s: number): World => every(2, s, { dns: dns(), postgres: postgres() });

/** A lookup of 2 s in vain every 4 s; answers to the earlier ones come 5.1 s after they were asked. */
const lateLookups = (s: number): World =>
  s % 4 === 0 ? { dns: dns({ outcome: 'timeout', ms: 2000, late: s >= 8 ? [5100] : [] }) } : {};

export const RUNS = {
  healthy: well,
  'traffic-spike': then((s, t) => ({
    ...hangs(s),
    ...lateLookups(s),
    ...every(2, s, { postgres: postgres() }),
    sockets: sockets({ askers: 64, closeWait: Math.min(60, s * 3) }),
    ...counters(t, 3 * t + 120),
    ...(s > 3
      ? { logs: logs('name-resolution-temporary', 'Error: queryA ETIMEOUT postgres.lab.internal') }
      : {}),
  })),
  'database-down': then((s) => ({
    ...errors(s),
    ...every(2, s, { dns: dns(), postgres: POSTGRES_GONE }),
    services: services({
      store: { ...KILLED, lastExit: { code: 0, signal: null, at: 1, meaning: 'finished (0)' } },
    }),
    logs: logs('connection-refused', `connect ECONNREFUSED 127.0.0.1:5432`),
  })),
  'database-frozen': then((s) => ({
    ...hangs(s),
    ...every(2, s, { dns: dns(), postgres: POSTGRES_SILENT }),
    services: services({ store: FROZEN }),
  })),
  'database-connections': then((s) => ({
    ...errors(s),
    ...every(2, s, { dns: dns(), postgres: POSTGRES_FULL }),
    logs: logs('too-many-connections', 'error: sorry, too many clients already'),
  })),
  'resolver-dead': then((s) => ({
    ...hangs(s),
    ...every(2, s, { dns: dns({ outcome: 'refused', ms: 0.3 }), postgres: postgres() }),
    services: services({ names: KILLED }),
    sockets: sockets({ askers: 0, closeWait: s }),
    logs: logs('name-resolution-temporary', 'Error: queryA ECONNREFUSED postgres.lab.internal'),
  })),
  'resolver-frozen': then((s) => ({
    ...hangs(s),
    ...(s % 4 === 0 ? { dns: dns({ outcome: 'timeout', ms: 2000 }) } : {}),
    ...every(2, s, { postgres: postgres() }),
    services: services({ names: FROZEN }),
    sockets: sockets({ askers: 40 }),
  })),
  'name-missing': then((s) => ({
    ...errors(s),
    ...every(2, s, { dns: dns({ outcome: 'NXDOMAIN', ms: 21 }), postgres: postgres() }),
    logs: logs('name-resolution-missing', 'Error: queryA ENOTFOUND postgres.lab.internal'),
  })),
  'name-missing-hanging': then((s) => ({
    ...hangs(s),
    ...(s % 4 === 0
      ? { dns: dns({ outcome: 'timeout', ms: 2000, late: s >= 8 ? [2600] : [], lateOutcome: 'NXDOMAIN' }) }
      : {}),
    ...every(2, s, { postgres: postgres() }),
  })),
  'service-stopped': then((s) => ({
    ...fine(s),
    ...every(2, s, everyTarget(REFUSED)),
    services: services({ shop: KILLED }),
    sockets: sockets({ listening: false }),
  })),
  'service-hung': then((s) => ({
    ...fine(s),
    ...hangs(s),
    services: services({ shop: FROZEN }),
    sockets: sockets({ queued: s }),
  })),
  /** Something nobody can explain from outside: still no healthy target. */
  'http-errors': then((s) => ({ ...fine(s), ...errors(s) })),
} satisfies Record<string, Run>;

/** The same run where only what any host offers is read: no database, no services, no logs. */
export const onAnyHost =
  (run: Run): Run =>
  (t) => {
    const { postgres: _p, services: _s, logs: _l, ...rest } = run(t) as Record<string, unknown>;
    return rest;
  };

/** The same run with nothing but HTTP. */
export const onlyHttp =
  (run: Run): Run =>
  (t) =>
    Object.fromEntries(Object.entries(run(t)).filter(([id]) => id.startsWith('http:')));
