import { describe, expect, it } from 'vitest';
import type { Causing } from '../../scenarios/causing.js';
import { findMode } from '../../scenarios/index.js';
import type { Clock } from '../../source/clock.js';
import { eventJson, eventText, resultJson } from '../../source/commands/run/emitters.js';
import { RUN_PHASES, type RunEvent, type RunTimeouts } from '../../source/commands/run/events.js';
import { resultText } from '../../source/commands/run/result-text.js';
import { runScenario } from '../../source/commands/run/scenario-run.js';
import { summaryJson, summaryText } from '../../source/commands/run/summary.js';
import type { Lab } from '../../source/labs/lab.js';
import type { Runtime } from '../../source/runtime/index.js';
import type { FaultlineState, VerifyCheck } from '../../source/store/state.js';
import { createFaultlineStore } from '../../source/store/state.js';
import { HandClock } from '../helpers/hand-clock.js';
import { finding, state as sickState } from './states.js';

/** What a run meets: how the store answers to each thing that a run does. */
interface World {
  /** Id of the finding that follows the injection, or null when nothing is ever named. */
  readonly names: string | null;
  readonly refuses?: string;
  /** Verifications that fail before one passes. */
  readonly failing?: number;
  readonly heals?: boolean;
  readonly sickBefore?: boolean;
  readonly leaves?: string;
}

const passed: VerifyCheck = { name: 'GET /', state: 'passed', ms: 3, detail: '200' };

/** A runtime whose store answers as `world` says. The runs on a real lab are tested beside the lab. */
function drive(world: World, clock: Clock, acts: string[]) {
  const store = createFaultlineStore({
    mode: 'demo',
    subject: 'lab',
    readOnly: false,
    startedAt: clock.wall(),
  });
  const target = (ok: boolean): FaultlineState['latest'] => {
    const sick = sickState().latest.http['GET /todos'];
    if (!sick) throw new Error('the state has no target');
    const sample = ok ? { ...sick.sample, ok, status: 200, failure: null } : sick.sample;
    return { http: { 'GET /todos': { ...sick, at: clock.wall(), sample } } };
  };
  const named = (): FaultlineState['findings'] =>
    world.names === null ? [] : [finding({ id: world.names, namedAt: clock.wall() })];
  const well = (): void => store.setState({ latest: target(true), findings: [] });
  store.setState({ latest: target(!world.sickBefore) });
  const failing = world.failing ?? 0;
  const runtime: Runtime = {
    store,
    clock,
    lab: {} as Lab,
    causings: [],
    async act(name, argument) {
      acts.push(name);
      if (name === 'inject') {
        if (world.refuses !== undefined) return { ok: false, text: world.refuses };
        store.setState({ latest: target(false) });
        clock.setTimeout(() => store.setState({ findings: named() }), 100);
        if (world.heals) clock.setTimeout(well, 900);
        if (world.leaves !== undefined)
          store.setState({ faults: [{ id: 'x', text: world.leaves, since: clock.wall() }] });
      }
      if (name === 'verify') {
        // As the real one: replayed until it passes or its patience is over.
        const patient = Number(argument ?? 0) > 1000;
        const ok = patient && failing < 10;
        store.setState({ verification: [ok ? passed : { ...passed, state: 'failed' }] });
        return { ok, text: ok ? '1 of 1 checks passed' : '0 of 1 checks passed' };
      }
      return { ok: true, text: `${name} done` };
    },
    markFix: () => undefined,
    countBytes: () => undefined,
    close: async () => undefined,
  };
  return { runtime, well };
}

const quick: Partial<RunTimeouts> = {
  baselineMs: 600,
  steadyMs: 100,
  symptomMs: 600,
  namedMs: 700,
  verifyMs: 2500,
  settleMs: 600,
};

interface Over {
  readonly timeouts?: Partial<RunTimeouts>;
  readonly abortAfterMs?: number;
  /** By how much the wall clock of the machine is set (ms) when the fault is caused. */
  readonly clockSetMs?: number;
}

async function play(world: World, over: Over = {}) {
  const real = findMode('traffic-spike');
  if (!real) throw new Error('no traffic-spike');
  const hand = new HandClock(Date.parse('2026-03-01T12:00:00Z'));
  const clock: Clock = {
    wall: () => hand.wall() + (acts.includes('inject') ? (over.clockSetMs ?? 0) : 0),
    now: () => hand.now(),
    setTimeout: (work, ms) => hand.setTimeout(work, ms),
    clearTimeout: (timer) => hand.clearTimeout(timer),
  };
  const acts: string[] = [];
  const { runtime, well } = drive(world, clock, acts);
  const causing: Causing = {
    id: real.demonstration?.id ?? real.id,
    mode: real,
    variant: undefined,
    title: real.title,
    describe: 'a spike',
    undoDescribe: 'nothing',
    takesFaults: false,
    touches: [],
    inject: async () => '',
    undo: async () => undefined,
    async fix() {
      acts.push('fix');
      well();
      return 'todo-app restarted';
    },
  };
  const events: RunEvent[] = [];
  const abort = new AbortController();
  if (over.abortAfterMs !== undefined) clock.setTimeout(() => abort.abort(), over.abortAfterMs);
  const running = runScenario({
    runtime,
    causing,
    emit: (event) => events.push(event),
    signal: abort.signal,
    timeouts: { ...quick, ...over.timeouts },
  });
  let ended = false;
  void running.finally(() => {
    ended = true;
  });
  while (!ended) await hand.pass(20);
  return { result: await running, events, acts };
}

describe.concurrent('a scenario run', () => {
  it('passes when it is felt, named, mended and proven', async () => {
    const { result, events, acts } = await play({ names: 'resolver-saturation', failing: 1 });
    expect(result).toMatchObject({
      result: 'passed',
      scenario: 'traffic-spike',
      named: 'resolver-saturation',
      rank: 1,
      residue: [],
      reason: null,
    });
    expect(result.checks).toEqual([passed]);
    expect(result.detectedMs).toBeGreaterThan(0);
    expect(result.mttrMs).toBeGreaterThan(result.detectedMs ?? 0);
    expect([...new Set(events.map((event) => event.phase))]).toEqual([...RUN_PHASES]);
    expect(acts).toEqual(['inject', 'fix', 'verify', 'undo-all']);
    expect(events.every((event, i) => i === 0 || event.t >= (events[i - 1]?.t ?? 0))).toBe(true);
  });

  it.each([
    [3_600_000, 'ahead by 1 h'],
    [-3_600_000, 'back by 1 h'],
  ])('does not say passed on a clock that was set by %d ms', async (clockSetMs, words) => {
    const { result, acts } = await play({ names: 'resolver-saturation', failing: 1 }, { clockSetMs });
    expect(result).toMatchObject({ result: 'failed', detectedMs: null, mttrMs: null });
    expect(result.reason).toContain(`was set ${words}`);
    expect(acts).toContain('undo-all');
  });

  it('passes on a clock that NTP keeps', async () => {
    const { result } = await play({ names: 'resolver-saturation', failing: 1 }, { clockSetMs: 300 });
    expect(result.result).toBe('passed');
  });

  it('fails when another name is on top, and still undoes', async () => {
    const { result, acts } = await play({ names: 'database-down' });
    expect(result).toMatchObject({ result: 'failed', named: 'database-down', rank: null, mttrMs: null });
    expect(result.reason).toMatch(/not named within .* on top: database-down/);
    expect(acts).toEqual(['inject', 'undo-all']);
  });

  it('fails when nothing is named', async () => {
    const { result } = await play({ names: null });
    expect(result).toMatchObject({ result: 'failed', named: null, rank: null, detectedMs: null });
  });

  it('causes nothing on a system that is not steady', async () => {
    const { result, acts } = await play({ names: 'resolver-saturation', sickBefore: true });
    expect(result.reason).toMatch(/^no steady state within .* GET \/todos: no first byte/);
    expect(acts).toEqual(['undo-all']);
  });

  it('says why it could not be caused', async () => {
    const { result } = await play({ names: 'resolver-saturation', refuses: 'the lab says no' });
    expect(result.reason).toBe('it could not be caused: the lab says no');
  });

  it('fails when recovery is never proven', async () => {
    const { result } = await play(
      { names: 'resolver-saturation', failing: 1000 },
      { timeouts: { verifyMs: 300 } },
    );
    expect(result.reason).toMatch(/^recovery is not proven after 0.3 s: 0 of 1 checks passed/);
    expect(result.checks[0]?.state).toBe('failed');
  });

  it('fails when it heals while hands are off, if that was to be watched', async () => {
    const healing = { names: 'resolver-saturation', heals: true };
    const { result } = await play(healing, { timeouts: { holdMs: 1500 } });
    expect(result.reason).toMatch(/^it healed by itself within 1.5 s/);
    const { result: held } = await play({ names: 'resolver-saturation' }, { timeouts: { holdMs: 400 } });
    expect(held.result).toBe('passed');
  });

  it('fails when something is left behind', async () => {
    const { result } = await play({ names: 'resolver-saturation', leaves: 'a paused process' });
    expect(result).toMatchObject({ result: 'failed', residue: ['not undone: a paused process'] });
  });

  it('undoes when it is interrupted', async () => {
    const { result, acts } = await play(
      { names: null },
      { abortAfterMs: 400, timeouts: { namedMs: 60_000 } },
    );
    expect(result).toMatchObject({ result: 'failed', reason: 'interrupted' });
    expect(acts.at(-1)).toBe('undo-all');
  });
});

describe('what a run prints', () => {
  const event: RunEvent = {
    t: 8100,
    at: Date.parse('2026-03-01T12:00:00.000Z'),
    scenario: 'traffic-spike',
    phase: 'named',
    state: 'done',
    text: 'saturated\u001b[2J',
    detail: { id: 'resolver-saturation', ms: 8100 },
  };

  it('is a line with the time and the seconds since it began', () => {
    expect(eventText(event)).toMatch(/^\d\d:\d\d:\d\d {5}\+8\.1s {2}named {5}saturated$/);
    expect(eventText({ ...event, state: 'failed' })).toContain('FAILED: saturated');
  });

  it('or one JSON object a line', () => {
    expect(eventJson(event)).toMatchObject({
      t: 8100,
      scenario: 'traffic-spike',
      phase: 'named',
      ms: 8100,
    });
  });

  it('ends with the result, exactly as the contract says', async () => {
    const { result } = await play({ names: 'resolver-saturation' });
    expect(Object.keys(resultJson(result))).toEqual([
      'result',
      'scenario',
      'detectedMs',
      'named',
      'rank',
      'mttrMs',
      'checks',
      'residue',
    ]);
    expect(resultText(result)).toMatch(
      /^PASSED {2}traffic-spike {2}\(named in .*, rank 1, down for .*nothing left behind\)$/,
    );
    const failed = { ...result, result: 'failed' as const, reason: 'why' };
    expect(resultJson(failed)).toMatchObject({ reason: 'why' });
    expect(resultText(failed)).toContain('FAILED  traffic-spike: why');
    expect(summaryJson([result, failed])).toEqual({
      result: 'failed',
      scenario: 'all',
      passed: ['traffic-spike'],
      failed: ['traffic-spike'],
    });
    expect(summaryText([result, failed])).toContain('1 of 2 passed');
  });
});
