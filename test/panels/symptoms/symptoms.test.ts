import { describe, expect, test } from 'vitest';
import { panelOf } from '../../../panels/list.js';
import { text, VIEW } from '../../helpers/panel-text.js';
import { healthyState, incidentState, NOW, probe } from '../../helpers/state.js';

describe('symptoms', () => {
  test('sick rows stand above healthy ones, in a fixed order', () => {
    const names = text('symptoms', incidentState())
      .split('\n')
      .map((line) => line.slice(0, 15).trim());
    expect(names.slice(0, 7)).toEqual([
      'HTTP success',
      'HTTP p99',
      'DNS p95',
      'DNS answered',
      'Resolver queue',
      'In flight',
      'Pending DNS',
    ]);
    expect(names.slice(7, 12)).toEqual(['Database', 'CLOSE-WAIT', 'Retransmits', 'Conntrack', '']);
  });

  test('opened alone, every gauge says what it is held against and who says so, on 80 columns too', () => {
    const alone = text('symptoms', incidentState(), { width: 76 });
    expect(alone).toContain('at least 95 %: an error rate above 95 % is an outage');
    expect(alone).toContain('(libnetwork, maxConcurrent 100)');
    for (const line of alone.split('\n')) expect(line.length, line).toBeLessThanOrEqual(76);
  });

  test('the timeline is in the order of what happened, not of when it was written', () => {
    const timeline = [
      { at: NOW - 1_000, kind: 'cleared', text: 'second' },
      { at: NOW - 5_000, kind: 'recovered', text: 'first' },
    ] as const;
    expect(text('timeline', healthyState({ timeline }))).toMatch(/first[\s\S]*second/);
  });

  test('an innocent database is called innocent, with its proof; a sick one is not', () => {
    expect(text('symptoms', incidentState())).toMatch(/Database.*● innocent · SELECT 1 in 2 ms/);
    const state = incidentState();
    const postgres = state.latest.postgres as NonNullable<typeof state.latest.postgres>;
    const sample = { ...postgres.sample, failure: { kind: 'refused', text: 'connection refused' } as const };
    const sick = { ...state, latest: { ...state.latest, postgres: { ...postgres, sample } } };
    expect(text('symptoms', sick)).toMatch(/Database.*✖ refuses/);
    expect(text('symptoms', sick)).not.toContain('innocent');
  });

  test('what was never read says why and is not zero', () => {
    expect(text('symptoms', healthyState())).toMatch(/Conntrack +– +\? not loaded/);
    const state = healthyState();
    const kernel = probe({
      id: 'kernel',
      kind: 'failed',
      state: 'failing',
      reason: 'EACCES on /proc/net/snmp',
    });
    state.series.push('kernel.retransPercent', NOW, Number.NaN);
    const unread = { ...state, probes: { ...state.probes, kernel } };
    expect(text('symptoms', unread)).toMatch(/Retransmits.* – +\? EACCES on \/proc/);
    expect(text('symptoms', unread)).not.toMatch(/Retransmits.*0 %/);
  });

  test('a stale value carries its age and is neither healthy nor sick', () => {
    const state = healthyState();
    const dns = {
      ...(state.latest.dns as NonNullable<typeof state.latest.dns>),
      stale: true,
      at: NOW - 12_000,
    };
    const stale = { ...state, latest: { ...state.latest, dns } };
    expect(text('symptoms', stale)).toMatch(/DNS p95.*22 ms {2}◌ stale, 12 s old/);
    expect(text('dns', stale)).toContain('postgres.lab.internal');
    expect(panelOf('dns').content(stale, VIEW).right).toContain('stale, 12 s old');
  });

  test('healthy rows fold away when room is short, the fold says what it hides', () => {
    const folded = text('symptoms', healthyState(), { alone: false, height: 5 }).split('\n');
    expect(folded).toHaveLength(5);
    expect(folded[4]).toMatch(/^\+7 more: 6 ok, 1 not readable/);
    expect(text('symptoms', incidentState(), { alone: false, height: 4 })).toContain('of them sick');
  });
});
