import { describe, expect, test } from 'vitest';
import { panelOf } from '../../panels/list.js';
import { signalRows } from '../../source/commands/text/signals.js';
import { text, VIEW } from '../helpers/panel-text.js';
import { healthyState, http, incidentState, NOW, service } from '../helpers/state.js';

describe('rules', () => {
  test('one that failed is told as a rule, not as a source; what cannot be judged says what it lacks', () => {
    const state = healthyState({
      failedRules: [{ id: 'latency', reason: 'no such field' }],
      blindModes: [
        { id: 'packet-loss', missing: ['inside'] },
        { id: 'conntrack-full', missing: ['conntrack'] },
        { id: 'partition', missing: ['inside'] },
      ],
    });
    expect(text('probes', state)).toContain('▲ rule latency failed: no such field');
    expect(text('probes', state)).toMatch(
      /without inside: packet-loss, partition\n +without conntrack: conntrack-full/,
    );
    expect(panelOf('probes').content(state, VIEW).right).toMatch(/1 rule failed$/);
  });
});

describe('a connection tracking table without a limit', () => {
  const unlimited = (count: number) => {
    const state = healthyState();
    const sample = { count, max: 0, fill: null, drop: 0, earlyDrop: 0, insertFailed: 0, timeouts: {} };
    return { ...state, latest: { ...state.latest, conntrack: { at: NOW, stale: false, sample } } };
  };

  test.each([0, 4_321, 4_000_000])('has %d flows and no share, on its panel and in text', (count) => {
    expect(text('conntrack', unlimited(count))).toContain(`${count.toLocaleString('en-US')}, no limit`);
    expect(text('conntrack', unlimited(count))).not.toMatch(/%| of 0/);
    expect(signalRows(unlimited(count))).toContainEqual(['conntrack', `${count}, no limit`]);
  });

  test('is no symptom', () => {
    expect(text('symptoms', unlimited(4_321))).not.toContain('Conntrack');
  });
});

describe('other panels', () => {
  test('services: states in words, unknown figures as a dash', () => {
    const services = [
      service({
        name: 'gone',
        state: 'exited',
        cpuPercent: null,
        lastExit: { code: null, signal: 'SIGKILL', at: NOW - 60_000, meaning: 'killed (SIGKILL)' },
      }),
      service({ name: 'frozen', processState: 'T' }),
    ];
    const state = healthyState();
    const latest = {
      ...state.latest,
      services: { at: NOW, stale: false, sample: { services, means: '/proc', missing: [] } },
    };
    const shown = text('services', { ...state, latest }, { width: 130 });
    expect(shown).toMatch(/gone +✖ stopped .* – .*killed \(SIGKILL\), 1 min ago/);
    expect(shown).toMatch(/frozen +✖ frozen/);
    expect(text('services', incidentState())).toMatch(/todo-app +▲ no answer/);
    expect(text('services', healthyState())).toMatch(/todo-app +● up/);
  });

  test('probes: 000 is always explained, and a source without a figure names what it needs', () => {
    expect(text('probes', incidentState())).toMatch(
      /✖ GET \/todos .*000 .*no first byte after 5\.0 s: connected/,
    );
    expect(text('probes', incidentState(), { alone: false, width: 40 })).toMatch(/000 no first byte 5 s/);
    expect(text('probes', healthyState())).toMatch(/conntrack.*not loaded.*Needs: modprobe nf_conntrack/);
    const refused = {
      ...http('GET /', false),
      failure: { kind: 'refused', phase: 'connect', text: 'refused' },
    } as const;
    const state = healthyState();
    const latest = { ...state.latest, http: { 'GET /': { at: NOW, stale: false, sample: refused } } };
    expect(text('probes', { ...state, latest }, { alone: false, width: 40 })).toContain('refused at connect');
  });

  test('dns: an answer that came too late stands below its question', () => {
    const shown = text('dns', incidentState()).split('\n');
    expect(shown.find((line) => line.includes('timeout'))).toMatch(
      /postgres\.lab\.internal A +✖ timeout +1,981/,
    );
    expect(shown.at(-1)).toMatch(/A, late +▲ NOERROR +5,104/);
  });

  test('recovery: the outage in its parts, checks with their time', () => {
    const over = healthyState({
      lastOutage: {
        triggeredAt: NOW - 90_000,
        symptomAt: NOW - 88_000,
        namedAt: NOW - 80_000,
        fixedAt: NOW - 40_000,
        verifiedAt: NOW - 30_000,
      },
      verification: [
        { name: 'GET /', state: 'passed', ms: 41, detail: '200' },
        { name: 'POST /todos', state: 'failed', ms: 5_000, detail: 'no answer' },
      ],
    });
    const shown = text('recovery', over);
    expect(shown).toMatch(/Recovered {2}MTTR 58 s/);
    expect(shown).toContain('to symptom 2.0 s · to name 8.0 s · to fix 40.0 s · to verified 10.0 s');
    expect(shown).toMatch(/✔ GET \/ +passed +41 ms +200/);
    expect(shown).toMatch(/✖ POST \/todos +failed +5\.0 s +no answer/);
    expect(text('recovery', incidentState())).toMatch(/to fix 00:25 … · to verified –/);
  });

  test('timeline: a long result stands below its entry, a short one beside it', () => {
    const wide = text('timeline', incidentState()).split('\n');
    expect(wide[1]).toMatch(/traffic spike: 120 requests at once {2}→ 50 answered, 70 timed out$/);
    const narrow = text('timeline', incidentState(), { width: 56 }).split('\n');
    expect(narrow[1]).toMatch(/traffic spike: 120 requests at once$/);
    expect(narrow[2]).toMatch(/^ +→ 50 answered, 70 timed out$/);
  });

  test('logs: lines with a known failure are marked by a symbol', () => {
    expect(text('logs', healthyState())).toMatch(/◆ could not translate/);
    expect(text('logs', healthyState())).not.toMatch(/◆ request/);
  });
});
