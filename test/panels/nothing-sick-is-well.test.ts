import { describe, expect, it } from 'vitest';
import { standing } from '../../panels/health.js';
import { PANELS } from '../../panels/list.js';
import type { Line, PanelId } from '../../panels/panel.js';
import { headerLine } from '../../panels/screen/header.js';
import { GAUGES } from '../../panels/symptoms/gauges.js';
import { readGauges } from '../../panels/symptoms/read.js';
import { createUiStore } from '../../panels/ui/state.js';
import { plain } from '../../panels/widgets/fit.js';
import { allModes } from '../../scenarios/index.js';
import { diagnose, NO_DIAGNOSIS } from '../../source/diagnosis/engine.js';
import type {
  ConnectOutcome,
  DnsOutcome,
  HttpFailureKind,
  HttpPhase,
  MatrixCell,
  PostgresSample,
  TcpState,
} from '../../source/probes/samples.js';
import { TCP_STATES } from '../../source/probes/sockets/sample.js';
import { isGrave } from '../../source/store/signs/level.js';
import type { FaultlineState } from '../../source/store/state.js';
import { SYMBOL } from '../../source/terminal/symbols.js';
import { HistoryBuilder, START, type World } from '../helpers/history.js';
import { inside, insideKernel, insideSockets } from '../helpers/inside.js';
import { VIEW } from '../helpers/panel-text.js';
import * as samples from '../helpers/samples.js';
import { healthyState } from '../helpers/state.js';
import { swarm, swarmService, task } from '../helpers/swarm.js';

/** Panels of what was, what was done and what was found; the others draw what is. */
const OF_THE_PAST: readonly PanelId[] = ['timeline', 'recovery', 'finding'];

/** All that is looked at, and all of it well. */
const WELL: World = {
  ...samples.everyTarget(),
  dns: samples.dns(),
  services: samples.services(),
  sockets: samples.sockets(),
  kernel: samples.kernel(),
  conntrack: samples.conntrack(0.01),
  postgres: samples.postgres(),
  'inside:shop': inside('shop'),
};

const container = (over: Parameters<typeof samples.containerFacts>[0], more: object = {}): World => ({
  services: samples.services({ shop: { container: samples.containerFacts(over), ...more } }),
});

const exit = (code: number | null) => ({
  state: 'exited' as const,
  pid: null,
  processState: null,
  lastExit: { code, signal: null, at: START - 60_000, meaning: 'exited' },
});

const cell = (outcome: ConnectOutcome, because: MatrixCell['because'], ms: number | null): World => ({
  matrix: {
    sources: [],
    targets: [{ name: 'store:5432', address: '172.20.0.3', port: 5432 }],
    cells: [
      {
        source: 'shop',
        target: 'store:5432',
        outcome,
        errno: null,
        ms,
        meaning: 'said',
        ...(because ? { because } : {}),
      },
    ],
    missing: [],
  },
});

const lookup = (outcome: DnsOutcome, late: readonly number[] = []): World => {
  const sample = samples.dns({ outcome, late });
  return {
    dns: sample,
    'dns:shop': {
      ...sample,
      source: { name: 'shop', pid: 1 },
      means: inside('x').means,
      libc: null,
      fromHosts: [],
      missing: [],
    },
  };
};

type Asked = ReturnType<typeof samples.dns>;

/** The same lookups, each name changed. */
const names = (world: World, change: (one: Asked['names'][number]) => Asked['names'][number]): World =>
  Object.fromEntries(
    Object.entries(world).map(([id, sample]) => [
      id,
      { ...(sample as Asked), names: (sample as Asked).names.map(change) },
    ]),
  );
const learnt = (world: World): World => names(world, (one) => ({ ...one, learnt: true, timesAsked: 1 }));
const stepless = (world: World): World => names(world, (one) => ({ ...one, steps: [] }));

const inLookups = (world: World, more: Asked['names']): World =>
  Object.fromEntries(
    Object.entries(world).map(([id, sample]) => [
      id,
      { ...(sample as Asked), names: [...(sample as Asked).names, ...more] },
    ]),
  );
const oneOfTwo = (outcome: DnsOutcome): World =>
  inLookups(lookup('NOERROR'), samples.dns({ outcome, name: 'other.lab.internal' }).names);
/** A container whose other nameserver does so. */
const secondInside = (outcome: DnsOutcome): World => ({
  'dns:shop': inLookups(lookup('NOERROR'), samples.dns({ outcome, resolver: '10.0.0.53:53' }).names)[
    'dns:shop'
  ],
});

const total = (state: TcpState, count: number): World => ({
  sockets: { ...samples.sockets(), total: { ...samples.sockets().total, [state]: count } },
  'inside:shop': inside('shop', { sockets: insideSockets({ [state]: count }) }),
});

const queue = (queued: number, backlog: number | null): World => ({
  sockets: samples.sockets({ queued, backlog }),
  'inside:shop': inside('shop', {
    sockets: insideSockets(
      {},
      { listeners: [{ service: null, address: '0.0.0.0', port: 80, queued, backlog }] },
    ),
  }),
});

/** Every word of a type, none twice: one that is added there is missed here by the compiler. */
const every = <Word extends string>(words: Readonly<Record<Word, true>>): readonly Word[] =>
  Object.keys(words) as Word[];

const HTTP = every<HttpFailureKind>({
  ...{ 'no-name': true, refused: true, reset: true, timeout: true, unreachable: true },
  ...{ protocol: true, tls: true, proxy: true, redirect: true, status: true },
});
const PHASES = every<HttpPhase>({ dns: true, connect: true, tls: true, firstByte: true, transfer: true });
const CONNECT = every<ConnectOutcome>({
  ...{ connected: true, refused: true, timeout: true, unreachable: true, 'no-route': true },
  ...{ permission: true, reset: true, 'no-port': true, unmeasured: true },
});
const DNS = every<DnsOutcome>({
  ...{ NOERROR: true, NODATA: true, NXDOMAIN: true, SERVFAIL: true, REFUSED: true, FORMERR: true },
  ...{ NOTIMP: true, OTHER: true, timeout: true, refused: true, unreachable: true },
});
const DATABASE = every<NonNullable<PostgresSample['failure']>['kind']>({
  ...{ refused: true, timeout: true, 'too-many-connections': true },
  ...{ authentication: true, reset: true, other: true },
});
const STATUS = ['running', 'restarting', 'dead', 'created', 'removing', 'paused'];

/** Every state that a panel has a word for, by name. */
const STATES: Readonly<Record<string, World>> = {
  ...Object.fromEntries(
    (['running', 'starting', 'stopping', 'exited', 'paused', 'unknown'] as const).map((state) => [
      `process ${state}`,
      { services: samples.services({ shop: { state } }) },
    ]),
  ),
  ...Object.fromEntries(
    ['R', 'S', 'D', 'T', 't', 'Z'].map((processState) => [
      `process in ${processState}`,
      { services: samples.services({ shop: { processState } }) },
    ]),
  ),
  ...Object.fromEntries(STATUS.map((status) => [`container ${status}`, container({ status })])),
  ...Object.fromEntries(
    (['none', 'starting', 'healthy', 'unhealthy'] as const).map((health) => [
      `health ${health}`,
      container({ health }),
    ]),
  ),
  ...Object.fromEntries(
    [0, 1, 137, 143, null].map((code) => [
      `container exited ${code}`,
      container({ status: 'exited' }, exit(code)),
    ]),
  ),
  'container that Swarm ended': container(
    { status: 'exited', labels: { 'com.docker.swarm.service.name': 'shop' } },
    exit(137),
  ),
  'open files': { services: samples.services({ shop: { openFds: 1000, fdLimit: 1024 } }) },
  'memory at its limit': container({ limits: { memoryBytes: 50_000_001, cpus: null, pids: null } }),
  'CPU held back': container({ throttledPercent: 80 }),
  'pids at their limit': container({ pids: 100, limits: { memoryBytes: null, cpus: null, pids: 100 } }),
  ...Object.fromEntries(
    HTTP.flatMap((kind) =>
      PHASES.map((phase) => [
        `http ${kind} at ${phase}`,
        samples.everyTarget({ kind, phase, text: `it ${kind}` }, kind === 'status' ? 503 : null),
      ]),
    ),
  ),
  ...Object.fromEntries(
    CONNECT.flatMap((outcome) =>
      (['seen', 'shared-network', undefined] as const).map((because) => [
        `connection ${outcome} ${because}`,
        cell(outcome, because as MatrixCell['because'], outcome === 'unmeasured' ? null : 3),
      ]),
    ),
  ),
  'connection made by a second SYN': cell('connected', undefined, 1_003),
  ...Object.fromEntries(DNS.map((outcome) => [`lookup ${outcome}`, lookup(outcome)])),
  'lookup answered late': lookup('NOERROR', [5_100]),
  ...Object.fromEntries(DNS.map((outcome) => [`name that was learnt ${outcome}`, learnt(lookup(outcome))])),
  ...Object.fromEntries(DNS.map((outcome) => [`one of two names ${outcome}`, oneOfTwo(outcome)])),
  ...Object.fromEntries(
    DNS.map((outcome) => [`second nameserver of a container ${outcome}`, secondInside(outcome)]),
  ),
  'lookup without a step': stepless(lookup('timeout')),
  'second nameserver silent': { dns: samples.nameservers({}, { outcome: 'timeout' }) },
  'second nameserver denies': { dns: samples.nameservers({}, { outcome: 'NXDOMAIN' }) },
  ...Object.fromEntries(
    TCP_STATES.flatMap((state) =>
      [10, 60, 5_000].map((count) => [`${count} in ${state}`, total(state, count)]),
    ),
  ),
  'queue half full': queue(70, 128),
  'queue full': queue(129, 128),
  'queue of nobody knows': queue(500, null),
  ...Object.fromEntries(
    [0.5, 0.8, 0.95, 1].map((fill) => [`conntrack ${fill}`, { conntrack: samples.conntrack(fill) }]),
  ),
  'conntrack dropped once': { conntrack: samples.conntrack(0.1, 40) },
  ...Object.fromEntries(
    DATABASE.map((kind) => [
      `database ${kind}`,
      { postgres: samples.postgres({ selectOneMs: null, connectMs: null, failure: { kind, text: kind } }) },
    ]),
  ),
  'database gone': { postgres: samples.POSTGRES_GONE },
  'database silent': { postgres: samples.POSTGRES_SILENT },
  'database full': { postgres: samples.POSTGRES_FULL },
  ...Object.fromEntries(
    [75, 85, 95, 100].map((connections) => [
      `database with ${connections} of 100 connections`,
      { postgres: samples.postgres({ connections }) },
    ]),
  ),
  'lookups slow': { dns: samples.dns({ ms: 1_500 }) },
  'many lookups wait': { sockets: samples.sockets({ askers: 150 }) },
  'log lines': { logs: samples.logs('connection-refused', 'refused') },
  ...Object.fromEntries(
    [2, 1, 0].map((running) => [
      `swarm ${running} of 2`,
      { swarm: swarm(swarmService('shop', { running })) },
    ]),
  ),
  'swarm in an update': { swarm: swarm(swarmService('shop', { running: 0, updateState: 'updating' })) },
  'swarm task failed': {
    swarm: swarm(
      swarmService('shop', { tasks: [task('a', { state: 'failed' }), task('b', { state: 'rejected' })] }),
    ),
  },
};

type Given = World | ((t: number) => World);
interface Seen {
  readonly fresh: FaultlineState;
  readonly judged: FaultlineState;
}
const known = new WeakMap<Given, Seen>();

/** Ten seconds of it, from the first look on: what a person who comes to what is broken already sees. */
function seen(given: Given): Seen {
  const before = known.get(given);
  if (before) return before;
  const builder = new HistoryBuilder();
  let diagnosis = NO_DIAGNOSIS;
  let fresh: FaultlineState | undefined;
  let state = healthyState();
  for (let t = 1; t <= 11; t++) {
    const over = typeof given === 'function' ? given(t) : given;
    const history = builder.second({ ...WELL, ...over });
    const result = diagnose(history, allModes(), diagnosis);
    diagnosis = result.state;
    state = {
      ...state,
      now: history.now,
      latest: history.latest,
      series: builder.series,
      probes: {},
      lab: null,
      logs: [],
      findings: result.findings,
      failedRules: result.failed,
    };
    fresh ??= { ...state, findings: [] };
  }
  const result = { fresh: fresh ?? state, judged: state };
  known.set(given, result);
  return result;
}

const sentAgain = (t: number) => insideKernel({ 'Tcp.OutSegs': 100 * t, 'Tcp.RetransSegs': 5 * t });

/** With what grows from second to second. */
const ALL: Readonly<Record<string, Given>> = {
  ...STATES,
  'segments sent again': (t) => ({ 'inside:shop': inside('shop', { kernel: sentAgain(t) }) }),
  'segments of this host sent again': (t) => ({
    kernel: samples.kernel({ 'Tcp.OutSegs': 1_000 * t, 'Tcp.RetransSegs': 60 * t }),
  }),
};

/** What of it is drawn as sick, on any panel, opened or among others. */
function drawnSick(state: FaultlineState): string[] {
  return PANELS.filter(({ id }) => !OF_THE_PAST.includes(id)).flatMap(({ id, content }) =>
    [true, false].flatMap((alone) => {
      const view = { ...VIEW, width: 150, alone };
      const drawn = content(state, view);
      const lines: Line[] = [
        ...(drawn.head ?? []),
        ...Array.from({ length: drawn.count }, (_, i) => drawn.line(i)),
      ];
      return lines.filter(isSick).map((line) => `${id}: ${plain(line).trim()}`);
    }),
  );
}

const isSick = (line: Line): boolean =>
  line.some(
    ({ text, tone }) =>
      ((tone === 'critical' || tone === 'warning') && text !== '') ||
      text.includes(SYMBOL.critical) ||
      text.includes(SYMBOL.warning),
  );

const header = (state: FaultlineState): string => plain(headerLine(state, createUiStore().getState(), 160));

describe('nothing that is drawn as sick is called well', () => {
  it('and what is well is drawn so', () => {
    const { judged } = seen({});
    expect(drawnSick(judged)).toEqual([]);
    expect(header(judged)).toContain('all well');
  });

  it.each(Object.entries(ALL))('%s', (_, world) => {
    const { fresh, judged } = seen(world);
    for (const state of [fresh, judged]) {
      const sick = drawnSick(state);
      if (sick.length > 0) expect(standing(state).kind, `${sick.join('\n')}`).not.toMatch(/well|waiting/);
    }
    // Within ten seconds of the first look it has a finding, a notice at least.
    if (drawnSick(judged).length > 0) expect(judged.findings.map(({ state }) => state)).toContain('firing');
    else if (judged.findings.length === 0) expect(header(judged)).toContain('all well');
  });

  it('counters of a lab that are at their limit are not called well either', () => {
    const { judged } = seen({});
    const { lab } = healthyState();
    if (!lab?.counters?.resolver || !lab.counters.app) throw new Error('a lab without counters');
    const full = {
      queue: [{ at: judged.now, value: lab.counters.resolver.queueMax }],
      inFlight: [{ at: judged.now, value: lab.counters.app.slots }],
    };
    for (const counters of [{ queue: full.queue }, { inFlight: full.inFlight }]) {
      const state = { ...judged, lab: { ...lab, ...counters } };
      expect(drawnSick(state)).not.toEqual([]);
      expect(standing(state).kind).toBe('unnamed');
    }
  });

  it('each gauge that can be drawn sick is, in one of these states', () => {
    const ids = new Set<string>();
    for (const world of Object.values(ALL)) {
      const { fresh, judged } = seen(world);
      for (const state of [fresh, judged])
        for (const { gauge, level } of readGauges(state)) if (isGrave(level)) ids.add(gauge.id);
    }
    const never = ['http-p99', 'dns-p95', 'askers', 'resolver-queue', 'in-flight'];
    expect([...ids].sort()).toEqual(
      GAUGES.map(({ id }) => id)
        .filter((id) => !never.includes(id))
        .sort(),
    );
  });

  it('a target that fails every other time has a finding; one that failed once is not drawn sick', () => {
    const failing = samples.everyTarget(samples.ERROR_500, 500);
    const every = seen((t) => (t % 2 === 0 ? failing : {})).judged;
    expect(every.findings.map(({ state }) => state)).toContain('firing');
    const once = seen((t) => (t === 2 ? failing : {})).judged;
    expect(drawnSick(once)).toEqual([]);
    expect(header(once)).toContain('all well');
  });
});

it('a source that fails and a rule that throws are not among what is well', () => {
  const { judged } = seen({});
  const failing = {
    id: 'matrix',
    title: 'connectivity',
    reads: '',
    intervalMs: 1,
    lastOkAt: null,
    tookMs: null,
    kind: 'failed',
    reason: 'EPERM',
    mend: null,
    state: 'failing',
  } as const;
  const unread = header({ ...judged, probes: { matrix: failing } });
  expect(unread).toContain('well as far as read');
  expect(unread).toContain('1 source unread');
  expect(header({ ...judged, failedRules: [{ id: 'latency', reason: 'no such field' }] })).toContain(
    '1 source unread',
  );
  const absent = { ...failing, kind: 'not-configured' as const };
  expect(header({ ...judged, probes: { matrix: absent } })).toContain('all well');
});
