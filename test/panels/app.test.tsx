import { cleanup, render } from 'ink-testing-library';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { App } from '../../panels/app.js';
import type { CommandName } from '../../panels/ui/commands.js';
import type { FaultlineState, Store } from '../../source/store/state.js';
import { drawn, drawnAfter } from '../helpers/drawn.js';
import { healthyState, incidentState, NOW } from '../helpers/state.js';

const MODES = [
  { id: 'resolver-dead', title: 'The resolver is dead', describe: 'stops the resolver' },
  { id: 'service-hung', title: 'A service hangs', describe: 'freezes todo-app' },
];

afterEach(cleanup);

async function open(state: FaultlineState, options: { confirm?: boolean } = {}) {
  const store = createStore<FaultlineState>(() => state) as Store;
  const sent: [CommandName, string | undefined][] = [];
  const exit = vi.fn();
  const view = render(
    <App
      store={store}
      dispatch={(name, argument) => sent.push([name, argument])}
      exit={exit}
      modes={MODES}
      confirm={options.confirm ?? false}
      ascii={false}
    />,
  );
  // ink-testing-library gives no rows: the console falls back to what a terminal has at least.
  await drawn(view);
  const type = async (...keys: string[]) => {
    for (const key of keys) {
      const heard = drawnAfter(key, view);
      view.stdin.write(key);
      await heard;
    }
  };
  const settled = () => drawn(view);
  return { store, sent, exit, type, settled, frame: () => view.lastFrame() ?? '' };
}

describe('what is shown', () => {
  test('all is well, for how long, and how to break it', async () => {
    const { frame } = await open(healthyState());
    expect(frame()).toContain('All is well for 04:45');
    expect(frame()).toContain('s sends a traffic spike');
    expect(frame()).toMatch(/HTTP success.*100 % {2}● ok/);
  });

  test('the finding first: what, where, since when, why, what it is not, what to press', async () => {
    const { frame } = await open(incidentState());
    expect(frame()).toContain('✖ The resolver is saturated and will not heal by itself');
    expect(frame()).toMatch(/todo-app → resolver 127\.0\.0\.1:5353 .*since 12:03:58/);
    expect(frame()).toContain('answers come after 5.1 s, askers give up after 2.0 s');
    expect(frame()).toMatch(/Not the database .*SELECT 1 in 2 ms, 1 of 100 connections/);
    expect(frame()).toMatch(/Now +r restart todo-app/);
    expect(frame()).toContain('✖ 1 cause · outage 00:33');
    expect(frame()).toContain('r restart todo-app');
  });

  test('a commit of the store is drawn', async () => {
    const { store, frame, settled } = await open(healthyState());
    store.setState(incidentState(), true);
    await settled();
    expect(frame()).toContain('The resolver is saturated');
  });

  test('a commit that comes while it is frozen is not drawn, and the header says so', async () => {
    const { store, frame, type, settled } = await open(healthyState());
    await type(' ');
    store.setState(incidentState(), true);
    await settled();
    expect(frame()).toContain('FROZEN at 12:04:31');
    expect(frame()).toContain('All is well');
    expect(frame()).toContain('1 cause · outage');
    await type(' ');
    expect(frame()).not.toContain('FROZEN');
    expect(frame()).toContain('The resolver is saturated');
  });
});

describe('keys', () => {
  test('act at once on the lab: spike, restart what the finding names, verify', async () => {
    const { sent, type } = await open(incidentState());
    await type('s', 'r', 'v', '+', 's', '-', '-', '-', '-', 's');
    expect(sent).toEqual([
      ['spike', '120'],
      ['restart', 'todo-app'],
      ['verify', undefined],
      ['spike', '140'],
      ['spike', '60'],
    ]);
  });

  test('r restarts the service that the cursor was put on', async () => {
    const { sent, type } = await open(incidentState());
    await type('3', 'k', 'r');
    expect(sent).toEqual([['restart', 'resolver']]);
  });

  test('jjj in one chunk moves three rows', async () => {
    const { sent, type } = await open(healthyState());
    await type('3', 'g', 'jjj', 'r');
    expect(sent).toEqual([['restart', 'visitors']]);
  });

  test('outside the lab a change is confirmed by name, and No is the default', async () => {
    const { sent, type, frame } = await open(incidentState(), { confirm: true });
    await type('r');
    expect(frame()).toContain('Really restart todo-app?');
    expect(frame()).toContain('▸  No ');
    await type('\r');
    expect(frame()).not.toContain('Really');
    await type('r', '\x1b');
    await type('r', 'x', 'n');
    expect(sent).toEqual([]);
    await type('r', '\t', '\r');
    expect(sent).toEqual([['restart', 'todo-app']]);
    await type('s', 'y');
    expect(sent.at(-1)).toEqual(['spike', '120']);
  });

  test('a key that does not work now says why instead of doing it', async () => {
    const running = { name: 'spike', title: 'traffic spike', startedAt: NOW, share: 0.4, text: '', rows: [] };
    const { sent, type, frame } = await open(healthyState({ action: { ...running, state: 'running' } }));
    expect(frame()).toMatch(/traffic spike .*40 %/);
    await type('v');
    expect(frame()).toContain('v does not work now: "traffic spike" is running: c cancels it');
    await type('c');
    expect(sent).toEqual([['cancel', undefined]]);
  });

  test('read-only: a badge, no such key in the footer, the reason in the help, and nothing is sent', async () => {
    const state = incidentState();
    const { sent, type, frame } = await open({ ...state, session: { ...state.session, readOnly: true } });
    expect(frame()).toContain('READ-ONLY');
    expect(frame().split('\n').at(-1)).not.toMatch(/spike|restart|verify|undo/);
    await type('s', 'r', 'v', 'u', 'b');
    await type('?');
    expect(frame()).toContain('not now: this console only looks (--read-only)');
    await type('\x1b', ':', 'restart todo', '\r');
    expect(sent).toEqual([]);
  });

  test('the palette finds by words and runs with its target', async () => {
    const { sent, type, frame } = await open(healthyState());
    await type(':', 'inj hang');
    expect(frame()).toContain('inject service-hung: A service hangs');
    await type('\r');
    expect(sent).toEqual([['inject', 'service-hung']]);
    await type(':', 'no such thing', '\r');
    expect(frame()).toContain('no command contains this');
  });

  test('menus: hardening is switched by its id, a failure is caused by its id, esc closes', async () => {
    const { sent, type, frame } = await open(healthyState());
    await type('h');
    expect(frame()).toMatch(/○ off +Bulkhead/);
    await type('j', '\r', '\x1b', 'i', 'j', '\r');
    expect(sent).toEqual([
      ['harden', 'pool'],
      ['inject', 'service-hung'],
    ]);
    await type('i', '\x1b');
    expect(frame()).not.toContain('Cause a failure');
  });

  test('a filter narrows the rows of its panel, esc clears it', async () => {
    const { type, frame } = await open(healthyState());
    await type('3', '/', 'postg', '\r');
    expect(frame()).toContain('3 Services /postg');
    expect(frame()).toMatch(/postgres +● up/);
    expect(frame()).not.toMatch(/resolver +● up/);
    await type('\x1b');
    expect(frame()).toMatch(/resolver +● up/);
  });

  test('q and ctrl-c quit, ctrl-c also out of a dialog; q in a filter is a letter', async () => {
    const { exit, type } = await open(healthyState());
    await type('9', '/', 'q');
    expect(exit).not.toHaveBeenCalled();
    await type('\x03');
    expect(exit).toHaveBeenCalledTimes(1);
    await type('\r', 'q');
    expect(exit).toHaveBeenCalledTimes(2);
  });
});
