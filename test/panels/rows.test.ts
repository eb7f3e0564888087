import { describe, expect, test } from 'vitest';
import { placePanels } from '../../panels/layout.js';
import { panelOf } from '../../panels/list.js';
import type { PanelId, View } from '../../panels/panel.js';
import { fitted, plain } from '../../panels/widgets/fit.js';
import { frame } from '../../panels/widgets/frame.js';
import { sparkline } from '../../panels/widgets/sparkline.js';
import { SeriesBook } from '../../source/store/series.js';
import type { FaultlineState } from '../../source/store/state.js';
import { book, healthyState, http, incidentState, NOW, probe, SATURATED, service } from '../helpers/state.js';

const VIEW: View = { width: 100, height: 30, alone: true, filter: '', cursor: null, restartTarget: null };

function text(id: PanelId, state: FaultlineState, view: Partial<View> = {}): string {
  const content = panelOf(id).content(state, { ...VIEW, ...view });
  const rows = Array.from({ length: content.count }, (_, index) => plain(content.line(index)));
  return [...(content.head ?? []).map(plain), ...rows].join('\n');
}

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
      'DNS askers',
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

describe('finding', () => {
  test('alone it shows the evidence with the source of each threshold, and what it explains', () => {
    const shown = text('finding', incidentState());
    expect(shown).toMatch(/✔ for +dns\.p95 +1\.98 s\n +against at most 1 s \(glibc waits 5 s/);
    expect(shown).toMatch(/\? unread +conntrack\.fill/);
    expect(shown).toContain('Explains 1 other finding: todo-app does not answer');
  });

  test('in four lines: the sentence, the place, what it is not, what to press', () => {
    const shown = text('finding', incidentState(), { alone: false, width: 76, height: 4 }).split('\n');
    expect(shown).toHaveLength(4);
    expect(shown[0]).toContain('The resolver is saturated');
    expect(shown[2]).toContain('Not the database');
    expect(shown[3]).toMatch(/Now +r restart todo-app/);
  });

  test('a remedy has a key only where this session has its switch', () => {
    const shown = (state: FaultlineState) => text('finding', state);
    expect(shown(incidentState())).toMatch(/Later +h bulkhead of 40 slots/);
    expect(shown(incidentState({ hardening: [] }))).toMatch(/Later +• bulkhead of 40 slots/);
  });

  test('a pending finding is something that is looked into, not a cause', () => {
    const pending = { ...SATURATED, state: 'pending', namedAt: null } as const;
    const shown = text('finding', healthyState({ findings: [pending] }));
    expect(shown).toContain('Looking into: The resolver is saturated');
    expect(shown).toContain('All is well');
  });

  test('a finding that resolves is said to go away', () => {
    const resolving = { ...SATURATED, state: 'resolving' } as const;
    const shown = text('finding', healthyState({ findings: [resolving] }));
    expect(shown).toMatch(/^◐ Going away: The resolver is saturated/);
  });

  test('symptoms without a name are said to have none', () => {
    const shown = text('finding', incidentState({ findings: [] }));
    expect(shown).toMatch(/Something is wrong, since 12:03:58; no name for it yet/);
    expect(shown).toContain('HTTP success');
  });

  test('right after an outage, averages that still carry it are no new trouble; a failing probe is', () => {
    const done = {
      triggeredAt: null,
      symptomAt: NOW - 60_000,
      namedAt: NOW - 50_000,
      fixedAt: NOW - 20_000,
      verifiedAt: NOW - 9_000,
    };
    const healed = healthyState({ lastOutage: done });
    const lab = { ...healed.latest, http: healthyState().latest.http };
    expect(text('finding', { ...healed, latest: lab, series: book(false) })).toContain(
      'All is well for 00:09',
    );
    const dragging = book(false);
    dragging.push('http.p99', NOW, 5_000);
    const shown = text('finding', { ...healed, latest: lab, series: dragging });
    expect(shown).toContain('All is well for 00:09');
    expect(shown).toContain('It is over; rows marked ◐ still count the last minute');
    const rows = (state: FaultlineState) => text('symptoms', state, { alone: false });
    const after = { ...healed, latest: lab, series: dragging };
    expect(rows(after)).toMatch(/HTTP p99.*◐ over, settling/);
    expect(rows({ ...after, lastOutage: null })).toMatch(/HTTP p99.*✖ above 1 s/);
    const failing = { ...lab, http: incidentState().latest.http };
    expect(text('finding', { ...healed, latest: failing, series: dragging })).toContain('Something is wrong');
  });

  test('without a single reading it does not say that all is well', () => {
    const empty = healthyState({
      latest: { http: {} },
      lab: null,
      series: new SeriesBook(),
    });
    expect(text('finding', empty)).toContain('The first readings are coming in');
    expect(text('finding', empty)).not.toContain('All is well');
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
    expect(shown).toMatch(/frozen +✖ paused/);
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
    expect(shown).toContain('to symptom 2.00 s · to name 8.00 s · to fix 40.00 s · to verified 10.00 s');
    expect(shown).toMatch(/✔ GET \/ +passed +41 ms +200/);
    expect(shown).toMatch(/✖ POST \/todos +failed +5\.00 s +no answer/);
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
    expect(text('logs', healthyState())).toMatch(/▲ could not translate/);
    expect(text('logs', healthyState())).not.toMatch(/▲ request/);
  });
});

describe('widgets', () => {
  test('only rows in view are built, however many there are', () => {
    let built = 0;
    const content = {
      count: 100_000,
      from: 'end',
      line: (index: number) => {
        built++;
        return [{ text: `row ${index}` }];
      },
    } as const;
    const lines = frame(content, null, { title: 'Logs', width: 40, height: 12, selected: false });
    expect(lines).toHaveLength(12);
    expect(built).toBe(10);
    expect(plain(lines[10] ?? [])).toContain('row 99999');
  });

  test('a sparkline leaves what could not be read blank and never smooths a failure away', () => {
    const points = [
      { at: 0, value: 1 },
      { at: 1_000, value: 1 },
      { at: 1_100, value: 0 },
      { at: 2_000, value: Number.NaN },
      { at: 3_000, value: 1 },
      { at: 9_000, value: 1 },
    ];
    const options = { columns: 4, now: 3_500, span: 4_000, full: 1, worst: 'low' } as const;
    expect(sparkline(points, options)).toBe('█▁ █');
  });

  test('a line is exactly as wide as asked, wide characters kept whole', () => {
    for (let columns = 0; columns < 12; columns++) {
      const shown = plain(fitted([{ text: '容器 ab' }, { text: 'cd', tone: 'ok' }], columns));
      const wide = (shown.match(/[容器]/g) ?? []).length;
      expect(shown.length + wide).toBe(columns);
    }
  });

  test('places fill the screen exactly at every size and in every selection', () => {
    const ids: PanelId[] = ['symptoms', 'finding', 'services', 'logs', 'timeline', 'recovery'];
    for (let columns = 40; columns <= 220; columns += 7)
      for (let rows = 12; rows <= 70; rows += 3)
        for (const selected of ids) {
          const bands = placePanels({ columns, rows }, rows - 3, selected, false);
          for (const band of bands) {
            expect(band.reduce((sum, place) => sum + place.width, 0)).toBe(columns);
            expect(new Set(band.map((place) => place.height)).size).toBe(1);
          }
          expect(bands.reduce((sum, band) => sum + (band[0]?.height ?? 0), 0)).toBe(rows - 3);
          expect(bands.flat().some((place) => place.id === selected)).toBe(true);
        }
  });
});
