import { afterEach, describe, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { App } from '../../../panels/app.js';
import { screenLines } from '../../../panels/screen/screen.js';
import { createUiStore, type Dialog, type UiState } from '../../../panels/ui/state.js';
import { plain } from '../../../panels/widgets/fit.js';
import type { FaultlineState, Store } from '../../../source/store/state.js';
import { sanitise, width } from '../../../source/terminal/sanitise.js';
import { containerFacts } from '../../helpers/samples.js';
import { brokenBorders, type EmulatedScreen, openScreen } from '../../helpers/screen.js';
import { healthyState, http, incidentState, logLines, NOW, SATURATED, service } from '../../helpers/state.js';

const MODES = [{ id: 'resolver-dead', title: 'The resolver is dead', describe: 'stops the resolver' }];
const screens: EmulatedScreen[] = [];

afterEach(() => {
  for (const screen of screens.splice(0)) screen.close();
});

async function open(state: FaultlineState, columns: number, rows: number, ascii = false) {
  const store = createStore<FaultlineState>(() => state) as Store;
  const nothing = () => {};
  const screen = await openScreen(
    <App store={store} dispatch={nothing} exit={nothing} modes={MODES} confirm={true} ascii={ascii} />,
    columns,
    rows,
  );
  screens.push(screen);
  return { screen, store };
}

const HOSTILE = [
  '\x1b[2J\x1b[31mred\x1b[0m',
  '\x1b]0;title\x07\x9b5;5H',
  '\u202egnp.exe\u2066\u200f',
  'x'.repeat(10_000),
  '容器'.repeat(40),
  'z\u0336\u0336a\u0336\u0336l\u0336go',
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467} family \u{1f1e9}\u{1f1ea}',
  'a\nb\r\nc\td\x00',
  '',
];

/** Every text that comes from outside is hostile. */
function hostileState(): FaultlineState {
  const state = incidentState();
  const bad = (index: number) => HOSTILE[index % HOSTILE.length] as string;
  const dns = state.latest.dns as NonNullable<typeof state.latest.dns>;
  const targets = HOSTILE.map(
    (name, index) => [`${index}${name}`, { ...http('GET /', false), target: name }] as const,
  );
  return {
    ...state,
    session: { ...state.session, subject: bad(0) },
    latest: {
      ...state.latest,
      http: Object.fromEntries(targets.map(([key, sample]) => [key, { at: NOW, stale: false, sample }])),
      services: {
        at: NOW,
        stale: false,
        sample: { services: HOSTILE.map(hostileService), means: bad(1), missing: HOSTILE },
      },
      dns: {
        ...dns,
        sample: {
          ...dns.sample,
          names: HOSTILE.map((name) => ({
            ...(dns.sample.names[0] as never as object),
            name,
            resolver: name,
          })) as never,
        },
      },
    },
    findings: [
      {
        ...SATURATED,
        title: bad(4),
        target: bad(6),
        explanation: HOSTILE,
        ruledOut: HOSTILE.map((title) => ({ id: 'x', title, because: title })),
      },
    ],
    timeline: HOSTILE.map((text) => ({ at: NOW, kind: 'note' as const, text, result: text })),
    logs: HOSTILE.map((text) => ({ service: text, at: NOW, stream: 'stdout' as const, text, matched: true })),
    faults: HOSTILE.map((text) => ({ id: 'x', text, since: NOW })),
    story: { step: 1, of: 2, title: bad(2), lookAt: bad(4), customersSee: bad(6) },
  };
}

function uiWith(part: Partial<UiState>): UiState {
  return { ...createUiStore().getState(), ...part };
}

/** Every other one is a container: names of images, projects, networks and labels come from outside, too. */
function hostileService(name: string, index: number) {
  if (index % 2 === 0) return service({ name });
  const facts = { image: name, composeProject: name, status: name, networks: [{ name, address: name }] };
  return service({ name, group: name, container: containerFacts({ ...facts, labels: { [name]: name } }) });
}

describe('no line is broken', () => {
  const dialogs: (Dialog | null)[] = [
    null,
    { kind: 'help', top: 0 },
    { kind: 'palette', text: '', row: 0 },
    { kind: 'hardening', row: 0 },
    { kind: 'scenarios', row: 0 },
    { kind: 'confirm', question: { command: 'restart', argument: 'x', text: 'restart x' }, yes: false },
    { kind: 'filter', text: 'abc' },
    { kind: 'service', service: HOSTILE[0] ?? '', row: 1 },
    {
      kind: 'confirm',
      question: { command: 'kill', argument: HOSTILE[3], text: `kill ${HOSTILE[3]}`, explains: 'ends it' },
      yes: true,
    },
  ];
  const states = { healthy: healthyState(), incident: incidentState(), hostile: hostileState() };

  test.each(Object.entries(states))(
    '%s: every size, panel and dialog gives exactly that many lines of that width',
    (_, live) => {
      const wrong: string[] = [];
      for (let columns = 20; columns <= 200; columns += columns < 84 ? 4 : 13)
        for (const rows of [5, 12, 16, 24, 31, 40, 60])
          for (const selected of ['symptoms', 'logs', 'recovery', 'services'] as const)
            for (const dialog of selected === 'symptoms' ? dialogs : [null]) {
              const lines = screenLines({
                live,
                ui: uiWith({ selected, dialog }),
                modes: MODES,
                columns,
                rows,
              }).map(plain);
              if (lines.length !== rows) wrong.push(`${columns}×${rows}: ${lines.length} lines`);
              for (const line of lines)
                if (width(line) !== columns || sanitise(line, 1_000) !== line)
                  wrong.push(`${columns}×${rows}: ${line}`);
            }
      expect(wrong.slice(0, 5)).toEqual([]);
    },
  );

  test.each([
    [200, 60],
    [120, 40],
    [100, 30],
    [80, 24],
    [61, 20],
    [40, 12],
  ])('on a terminal of %i×%i every border meets the next, hostile text or not', async (columns, rows) => {
    for (const state of [incidentState(), hostileState()]) {
      const { screen } = await open(state, columns, rows);
      expect(brokenBorders(narrow(screen.lines()))).toEqual([]);
      await screen.type('9');
      expect(brokenBorders(narrow(screen.lines()))).toEqual([]);
      await screen.type('?');
      expect(brokenBorders(narrow(screen.lines()))).toEqual([]);
    }
  });
});

/** The emulator gives a wide character one cell with text and an empty one: columns are counted in cells. */
function narrow(lines: readonly string[]): string[] {
  return lines.map((line) =>
    [...line].map((character) => (width(character) === 2 ? '##' : character)).join(''),
  );
}

describe('a terminal', () => {
  test('that is made smaller and larger again shows each layout whole', async () => {
    const { screen } = await open(incidentState(), 120, 40);
    expect(screen.text()).toContain('4 DNS resolution');
    await screen.resize(80, 24);
    expect(brokenBorders(screen.lines())).toEqual([]);
    expect(screen.lines()).toHaveLength(24);
    expect(screen.lines()[0]).toContain('FAULTLINE');
    expect(screen.lines()[23]).toContain('q quit');
    await screen.resize(60, 20);
    expect(brokenBorders(screen.lines())).toEqual([]);
    expect(screen.text()).toContain('The resolver is saturated');
    await screen.resize(20, 5);
    expect(screen.text()).toContain('too small: 20×5');
    expect(screen.text()).toContain('needs 40×12');
    await screen.resize(120, 40);
    expect(brokenBorders(screen.lines())).toEqual([]);
    expect(screen.text()).toContain('4 DNS resolution');
  });

  test('at 80×24 every panel can be reached by tab and is framed', async () => {
    const { screen } = await open(incidentState(), 80, 24);
    const seen = new Set<string>();
    for (let i = 0; i < 10; i++) {
      seen.add(/▸ (\d) /.exec(screen.text())?.[1] ?? '');
      await screen.type('\t');
    }
    expect([...seen].sort().join('')).toBe('0123456789');
  });

  test('without UTF-8 gets nothing but ASCII, in the same places', async () => {
    const unicode = await open(incidentState(), 100, 40);
    const ascii = await open(incidentState(), 100, 40, true);
    expect(ascii.screen.text()).toMatch(/^[\x20-\x7e\n]+$/);
    expect(ascii.screen.text()).toContain('X The resolver is saturated');
    expect(ascii.screen.lines().map((line) => line.trimEnd().length)).toEqual(
      unicode.screen.lines().map((line) => line.trimEnd().length),
    );
  });

  test('a tick with one changed figure repaints little, an unchanged one nothing', async () => {
    const { screen, store } = await open(incidentState(), 120, 40);
    const first = screen.bytes();
    store.setState({ ...incidentState() }, true);
    await screen.settle();
    expect(screen.bytes()).toBe(first);
    store.setState({ now: NOW + 1_000 });
    await screen.settle();
    const tick = screen.bytes() - first;
    expect(tick).toBeGreaterThan(0);
    expect(tick).toBeLessThan(first / 2);
  });

  test('a thousand log lines cost no more rows than the screen has', async () => {
    const many = await open(healthyState({ logs: logLines(1_000) }), 120, 40);
    await many.screen.type('9');
    const lines = screenLines({
      live: healthyState({ logs: logLines(1_000) }),
      ui: uiWith({ selected: 'logs', alone: true }),
      modes: [],
      columns: 120,
      rows: 40,
    });
    expect(lines).toHaveLength(40);
    expect(many.screen.text()).toContain('request 999');
    expect(many.screen.text()).not.toContain('(4)');
    await many.screen.type('g');
    expect(many.screen.text()).toContain('request 1 took');
    await many.screen.type('G');
    expect(many.screen.text()).toContain('request 999');
  });

  test('every verdict has a word and a symbol: colour is never alone', () => {
    const rows = screenLines({ live: incidentState(), ui: uiWith({}), modes: [], columns: 120, rows: 40 });
    for (const line of rows)
      for (const part of line)
        if (part.tone === 'critical' || part.tone === 'warning')
          expect(/[✖▲◆▁-█]/.test(plain(line)) && /[a-z]{2}/i.test(plain(line))).toBe(true);
  });
});
