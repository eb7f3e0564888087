import { describe, expect, it } from 'vitest';
import { alertRules } from '../../../source/diagnosis/alerts/alerts.js';
import type { AlertRule } from '../../../source/store/alert-rule.js';
import { HistoryBuilder, play, START, type World } from '../../helpers/history.js';
import { lookups } from '../../helpers/inside.js';
import { dns, ERROR_500, everyTarget, http, NAME, REFUSED } from '../../helpers/samples.js';

const SLOW = { ...http('GET /'), totalMs: 1_400 };

/** What an alert comes to after so many seconds of a world; `t` counts from 1. */
function ruleAfter(name: string, seconds: number, world: (t: number) => World): AlertRule {
  const found = alertRules(play(seconds, world)).find((one) => one.name === name);
  if (!found) throw new Error(`no alert ${name}`);
  return found;
}

const failsFrom = (from: number, failing: World) => (t: number) => (t >= from ? failing : everyTarget());

it('are all inactive where all is well, but for what is not read', () => {
  const rules = alertRules(play(60, () => ({ ...everyTarget(), dns: dns() })));
  expect(rules.map(({ name, state }) => [name, state])).toEqual([
    ['CompleteServiceOutage', 'inactive'],
    ['ServiceUnreachable', 'inactive'],
    ['HighNetworkLatency', 'inactive'],
    ['DNSResolutionFailure', 'inactive'],
    ['NoTraces', 'unread'],
  ]);
  expect(rules.at(-1)?.reason).toBe('traces are not read yet');
});

it('are unread where nothing was watched: no figure is neither well nor sick', () => {
  for (const { state, active } of alertRules(new HistoryBuilder().second({}))) {
    expect(state).toBe('unread');
    expect(active).toEqual([]);
  }
});

describe('a service that is unreachable', () => {
  it('is pending since the first probe that failed, and fires after 30 s', () => {
    const pending = ruleAfter('ServiceUnreachable', 25, failsFrom(10, everyTarget(REFUSED)));
    expect(pending.state).toBe('pending');
    expect(pending.active[0]).toEqual({
      where: 'GET /',
      state: 'pending',
      since: START + 10_000,
      value: 'its last probe failed',
    });
    expect(ruleAfter('ServiceUnreachable', 39, failsFrom(10, everyTarget(REFUSED))).state).toBe('pending');
    const firing = ruleAfter('ServiceUnreachable', 40, failsFrom(10, everyTarget(REFUSED)));
    expect(firing.state).toBe('firing');
    expect(firing.active).toHaveLength(3);
  });

  it('begins anew after one good probe, and is over with the last', () => {
    const once = (t: number) => (t === 30 || t < 5 ? everyTarget() : everyTarget(REFUSED));
    expect(ruleAfter('ServiceUnreachable', 45, once).active[0]?.since).toBe(START + 31_000);
    const healed = (t: number) => (t < 50 ? everyTarget(REFUSED) : everyTarget());
    expect(ruleAfter('ServiceUnreachable', 50, healed)).toMatchObject({ state: 'inactive', active: [] });
  });

  it('is told of nothing that was not asked for a while', () => {
    const silent = (t: number) => (t <= 20 ? everyTarget(REFUSED) : {});
    expect(ruleAfter('ServiceUnreachable', 45, silent).state).toBe('firing');
    expect(ruleAfter('ServiceUnreachable', 55, silent).active).toEqual([]);
  });
});

it('CompleteServiceOutage takes nearly all requests, for a minute', () => {
  const all = failsFrom(10, everyTarget(ERROR_500, 500));
  expect(ruleAfter('CompleteServiceOutage', 60, all).state).toBe('pending');
  const fired = ruleAfter('CompleteServiceOutage', 95, all);
  expect(fired).toMatchObject({ state: 'firing', active: [{ value: '100 % of them fail' }] });
  // Two of three fail.
  const most = failsFrom(10, { ...everyTarget(ERROR_500, 500), 'http:GET /': http('GET /') });
  expect(ruleAfter('CompleteServiceOutage', 95, most).state).toBe('inactive');
});

it('HighNetworkLatency takes more than a second, for two minutes', () => {
  const slow = failsFrom(10, { 'http:GET /': SLOW });
  expect(ruleAfter('HighNetworkLatency', 129, slow).state).toBe('pending');
  expect(ruleAfter('HighNetworkLatency', 130, slow)).toMatchObject({
    state: 'firing',
    active: [{ where: 'GET /', since: START + 10_000, value: 'the last one took 1.4 s' }],
  });
  expect(ruleAfter('HighNetworkLatency', 60, () => ({ 'http:GET /': { ...SLOW, totalMs: 990 } })).state).toBe(
    'inactive',
  );
});

it('DNSResolutionFailure takes more than a second for a minute, on the host or in a container', () => {
  const slow = (ms: number) => (t: number) => (t < 5 ? { dns: dns() } : { dns: dns({ ms }) });
  expect(ruleAfter('DNSResolutionFailure', 64, slow(3_600)).state).toBe('pending');
  expect(ruleAfter('DNSResolutionFailure', 66, slow(3_600)).state).toBe('firing');
  expect(ruleAfter('DNSResolutionFailure', 66, slow(900)).state).toBe('inactive');
  const within = ruleAfter('DNSResolutionFailure', 70, (t) =>
    t % 15 === 1
      ? { 'dns:api': lookups('api', dns({ ms: 5_010, outcome: 'timeout', resolver: '127.0.0.11:53' })) }
      : {},
  );
  expect(within).toMatchObject({ state: 'firing', active: [{ where: `${NAME} in api` }] });
});
