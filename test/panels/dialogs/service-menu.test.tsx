import { cleanup, render } from 'ink-testing-library';
import { afterEach, describe, expect, test } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { App } from '../../../panels/app.js';
import type { CommandName } from '../../../panels/ui/commands.js';
import type { FaultlineState, Store } from '../../../source/store/state.js';
import { drawn, drawnAfter } from '../../helpers/drawn.js';
import { containerFacts } from '../../helpers/samples.js';
import { healthyState, NOW, service } from '../../helpers/state.js';

afterEach(cleanup);

/** A host with three containers, two of them replicas. */
function host(readOnly = false): FaultlineState {
  const state = healthyState();
  const web = (name: string) => service({ name, group: 'web', container: containerFacts() });
  const services = [
    service({ name: 'db', state: 'exited', container: containerFacts() }),
    web('web-1'),
    web('web-2'),
  ];
  return {
    ...state,
    session: { mode: 'host', subject: 'box', readOnly, startedAt: NOW },
    latest: {
      ...state.latest,
      services: { at: NOW, stale: false, sample: { services, means: 'cgroup v2', missing: [] } },
    },
  };
}

async function open(state: FaultlineState) {
  const store = createStore<FaultlineState>(() => state) as Store;
  const sent: [CommandName, string | undefined][] = [];
  const dispatch = (name: CommandName, argument?: string) => sent.push([name, argument]);
  const view = render(
    <App store={store} dispatch={dispatch} exit={() => {}} modes={[]} confirm={true} ascii={false} />,
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
  return { store, sent, type, settled, frame: () => view.lastFrame() ?? '' };
}

describe('the menu of a service', () => {
  test('names the one under the cursor, and says of each choice what it does or why it does nothing', async () => {
    const { frame, type } = await open(host());
    await type('3', 'g', 'j', 'a');
    expect(frame()).toMatch(/Act on a service/);
    expect(frame()).toMatch(/web-1/);
    expect(frame()).toMatch(/start +not now: it is not stopped/);
    expect(frame()).toMatch(/unpause +not now: it is not paused/);
    expect(frame()).toMatch(/kill +ends it at once \(SIGKILL\)/);
  });

  test('asks by name with No as the default, and does what was chosen to the one it was opened for', async () => {
    const { sent, frame, type } = await open(host());
    await type('3', 'g', 'j', 'a', 'j', '\r');
    expect(frame()).toContain('Really stop web-1?');
    expect(frame()).toContain('leaves it down');
    await type('\r');
    expect(sent).toEqual([]);
    await type('a', 'j', 'j', 'j', '\r', 'y');
    expect(sent).toEqual([['kill', 'web-1']]);
  });

  test('does not send what would do nothing', async () => {
    const { sent, frame, type } = await open(host());
    await type('3', 'g', 'a', 'j', '\r');
    expect(frame()).toMatch(/stop +not now: it does not run/);
    await type('j', '\r', 'y');
    expect(sent).toEqual([['start', 'db']]);
  });

  test('is in the palette, service by service', async () => {
    const { sent, frame, type } = await open(host());
    await type(':', ...'pause web-2', '\r');
    expect(frame()).toContain('Really pause web-2?');
    await type('y');
    expect(sent).toEqual([['pause', 'web-2']]);
  });

  test('is gone with --read-only, and the help says why', async () => {
    const { sent, frame, type } = await open(host(true));
    expect(frame()).not.toMatch(/\ba act\b/);
    await type('a');
    expect(frame()).toContain('a does not work now: this console only looks (--read-only)');
    await type('?');
    expect(frame()).toMatch(
      /restart, stop, start, kill, pause or unpause[\s\S]*not now: this console only looks/,
    );
    expect(sent).toEqual([]);
  });
});
