import { cleanup, render } from 'ink-testing-library';
import { afterEach, describe, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { App } from '../../../panels/app.js';
import { logsContent } from '../../../panels/logs/logs.js';
import type { View } from '../../../panels/panel.js';
import { fitted, plain } from '../../../panels/widgets/fit.js';
import { frame } from '../../../panels/widgets/frame.js';
import type { FaultlineState, LogLine, Store } from '../../../source/store/state.js';
import { sanitise, width } from '../../../source/terminal/sanitise.js';
import { drawn, drawnAfter } from '../../helpers/drawn.js';
import { containerFacts } from '../../helpers/samples.js';
import { healthyState, NOW, service } from '../../helpers/state.js';

const VIEW: View = { width: 76, height: 20, alone: false, filter: '', cursor: null, restartTarget: null };
const line = (text: string, over: Partial<LogLine> = {}): LogLine => ({
  service: 'web',
  at: NOW,
  stream: 'stdout',
  text,
  matched: false,
  ...over,
});

function shown(logs: readonly LogLine[], view: Partial<View> = {}): string[] {
  const content = logsContent(healthyState({ logs }), { ...VIEW, ...view });
  return Array.from({ length: content.count }, (_, index) => plain(content.line(index)));
}

describe('a log line', () => {
  test('says in a word that it came by stderr, how often, and what could not be taken before it', () => {
    const [out, err, often, lost] = shown([
      line('fine'),
      line('broken', { stream: 'stderr', matched: true }),
      line('again', { times: 1_200 }),
      line('flood', { skipped: 9_000 }),
    ]);
    expect(out).toMatch(/^12:04:31 web +fine$/);
    expect(err).toMatch(/^12:04:31 web +err ◆ broken$/);
    expect(often).toMatch(/ ×1,200 again$/);
    expect(lost).toMatch(/\(9,000 lines came too fast to be shown\) flood$/);
  });

  test('goes on in the next row where the panel is open alone, with nothing left out', () => {
    const words = Array.from({ length: 60 }, (_, i) => `word${i}`).join(' ');
    const solid = 'x'.repeat(300);
    const rows = shown([line(words), line(solid)], { alone: true });
    expect(rows.length).toBeGreaterThan(10);
    for (const row of rows) expect(width(row), row).toBeLessThanOrEqual(76);
    expect(rows.map((row) => row.slice(31)).join('')).toBe(`${words}${solid}`);
    expect(rows[0]).toMatch(/^12:04:31\.000 web/);
    expect(shown([line(words), line(solid)])).toHaveLength(2);
  });

  test('shows what is searched for without colour: the one found has a mark, the title counts', () => {
    const logs = [line('GET /a'), line('POST /b'), line('get /c', { service: 'getter' })];
    const view = { filter: 'get', logs: { match: 2, only: false, newer: 7 } };
    expect(shown(logs, view)[2]).toContain('▸ get /c');
    const content = logsContent(healthyState({ logs }), { ...VIEW, ...view });
    expect(content.right).toBe('stands still, 7 newer: G follows · 2 of 2 found · n N');
    expect(content.line(0).filter(({ tone }) => tone === 'badge')).toEqual([{ text: 'GET', tone: 'badge' }]);
    expect(shown(logs, { ...view, logs: { ...view.logs, only: true } })).toHaveLength(2);
  });

  test('stands below the names of those whose output cannot be read, with the reason', () => {
    const outputTrouble = 'configured logging driver does not support reading';
    const services = ['mute', 'dumb'].map((name) =>
      service({ name, container: containerFacts({ outputTrouble }) }),
    );
    const state = healthyState({ logs: [line('hello')] });
    const sample = { services, means: 'cgroup v2', missing: [] };
    const latest = { ...state.latest, services: { at: NOW, stale: false, sample } };
    const head = (view: Partial<View>) =>
      (logsContent({ ...state, latest }, { ...VIEW, ...view }).head ?? []).map(plain);
    expect(head({})).toEqual([`? mute: its output cannot be read: ${outputTrouble} (and 1 more)`]);
    expect(head({ alone: true })[1]).toBe(`? dumb: its output cannot be read: ${outputTrouble}`);
  });

  test('brings nothing but text to the screen', () => {
    const nasty = '\u001b]0;owned\u0007\u202e\u009b2J容器\u0336'.repeat(2_000);
    const logs = [line(nasty, { service: nasty }), line(sanitise(nasty, 1_000), { stream: 'stderr' })];
    for (const alone of [false, true]) {
      const content = logsContent(healthyState({ logs }), { ...VIEW, alone, filter: '容' });
      for (const row of frame(content, 0, { title: 'Logs', width: 80, height: 24, selected: true })) {
        const text = plain(fitted(row, 80));
        expect(text).toMatch(/^[^\p{Cc}\p{Cf}]*$/u);
        expect(width(text)).toBe(80);
      }
    }
  });
});

afterEach(cleanup);

describe('reading the logs', () => {
  const many = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) =>
      line(`line ${from + i}${(from + i) % 50 === 0 ? ' needle' : ''}`, { at: NOW + from + i }),
    );

  async function open() {
    const store = createStore<FaultlineState>(() => healthyState({ logs: many(0, 200) })) as Store;
    const nothing = () => {};
    const view = render(
      <App store={store} dispatch={nothing} exit={nothing} modes={[]} confirm={true} ascii={false} />,
    );
    await drawn(view);
    const type = async (...keys: string[]) => {
      for (const key of keys) {
        const heard = drawnAfter(key, view);
        view.stdin.write(key);
        await heard;
      }
    };
    const settled = () => drawn(view);
    return { store, type, settled, frame: () => view.lastFrame() ?? '' };
  }

  test('/ goes to the newest line that contains it, n and N to the others, f shows only these', async () => {
    const { type, frame } = await open();
    await type('9', '9', '/', ...'needle', '\r');
    expect(frame()).toMatch(/▸ line 150 needle/);
    expect(frame()).toMatch(/4 of 4 found/);
    await type('n', 'n');
    expect(frame()).toMatch(/▸ line 50 needle/);
    await type('N');
    expect(frame()).toMatch(/▸ line 100 needle/);
    await type('f');
    expect(frame()).toMatch(/line 0 needle[\s\S]*line 150 needle/);
    expect(frame()).not.toMatch(/line 149/);
    await type('\x1b');
    expect(frame()).toMatch(/line 199/);
  });

  test('what is read stands still while more comes, and G follows again', async () => {
    const { store, type, frame, settled } = await open();
    await type('9', '9', 'g');
    expect(frame()).toMatch(/line 0 needle/);
    store.setState({ logs: many(150, 200) });
    await settled();
    expect(frame()).toMatch(/line 0 needle/);
    expect(frame()).toMatch(/stands still, 150 newer: G follows/);
    await type('G');
    expect(frame()).toMatch(/line 349/);
    expect(frame()).not.toMatch(/stands still/);
    await type('k');
    expect(frame()).toMatch(/stands still, 0 newer/);
    await type('\x1b');
    expect(frame()).not.toMatch(/stands still/);
    expect(frame()).not.toMatch(/1 Symptoms/);
  });

  test('n says what it needs where nothing is searched for', async () => {
    const { type, frame } = await open();
    await type('n');
    expect(frame()).toContain('n does not work now: needs a search in the logs');
  });
});
