import { describe, expect, it } from 'vitest';
import { createLifecycle, workloadsOf } from '../../source/actions/lifecycle.js';
import { systemClock } from '../../source/clock.js';
import type { Engine } from '../../source/engines/engine.js';
import { unfit, VERB_NAMES, VERBS, type Verb } from '../../source/engines/verbs.js';
import { createActionDesk } from '../../source/runtime/action-desk.js';
import type { DeskParts } from '../../source/runtime/action-table.js';
import { createFaultlineStore } from '../../source/store/state.js';
import { container } from '../probes/services/containers.js';

/** An engine of three containers that notes what is asked of it; one of them refuses. */
function engineOf(...refusing: string[]) {
  const asked: string[] = [];
  const verb = (what: Verb) => async (name: string) => {
    asked.push(`${what} ${name}`);
    if (refusing.includes(name)) throw new Error(`${name}: Docker could not ${what} it: no`);
  };
  const all = ['web-1', 'web-2'].map((name) => container({ name }));
  const list = () => [...all, container({ name: 'db', group: 'db' })];
  const engine = { kind: 'docker', list, ...Object.fromEntries(VERB_NAMES.map((one) => [one, verb(one)])) };
  return { engine: engine as unknown as Engine, asked };
}

const context = { signal: new AbortController().signal, progress: () => {} };

describe('what is done to a service', () => {
  it('is done to the one of that name, or to all its replicas, and says how long it took', async () => {
    const { engine, asked } = engineOf();
    for (const verb of VERB_NAMES) {
      const action = createLifecycle(engine, verb, 'db');
      expect(action).toMatchObject({ name: verb, title: `${verb} db` });
      const result = await action.run(context);
      expect(result.text).toMatch(new RegExp(`^db ${VERBS[verb].done} in \\d+\\.\\d s$`));
    }
    expect(asked).toEqual(VERB_NAMES.map((verb) => `${verb} db`));
    const result = await createLifecycle(engine, 'restart', 'web').run(context);
    expect(result.text).toMatch(/^web \(2 replicas\) restarted in/);
    expect(asked.slice(-2)).toEqual(['restart web-1', 'restart web-2']);
    expect(workloadsOf(engine, 'web-2')).toHaveLength(1);
  });

  it('is done to those of the replicas that it does something to', async () => {
    const { engine, asked } = engineOf();
    const list = () => [container({ name: 'web-1', state: 'paused' }), container({ name: 'web-2' })];
    const mixed = { ...engine, list } as Engine;
    expect((await createLifecycle(mixed, 'unpause', 'web').run(context)).text).toMatch(/^web unpaused in/);
    await createLifecycle(mixed, 'start', 'web').run(context);
    expect(asked).toEqual(['unpause web-1', 'start web-1', 'start web-2']);
  });

  it('fails in the engine’s words, after all were asked', async () => {
    const { engine, asked } = engineOf('web-1');
    const result = await createLifecycle(engine, 'stop', 'web').run(context);
    expect(result).toEqual({
      ok: false,
      text: 'web was not stopped: web-1: Docker could not stop it: no',
    });
    expect(asked).toEqual(['stop web-1', 'stop web-2']);
  });

  it('is offered only where it does something', () => {
    const fits = (state: string) => VERB_NAMES.filter((verb) => unfit(verb, state) === undefined);
    expect(fits('running')).toEqual(['restart', 'stop', 'kill', 'pause']);
    expect(fits('exited')).toEqual(['restart', 'start']);
    expect(fits('paused')).toEqual(['restart', 'stop', 'kill', 'unpause']);
    expect(fits('unknown')).toEqual(VERB_NAMES);
  });
});

describe('the console’s desk', () => {
  const deskWith = (readOnly: boolean) => {
    const { engine, asked } = engineOf();
    const store = createFaultlineStore({ mode: 'host', subject: 'host', readOnly, startedAt: 0 });
    const parts = { store, clock: systemClock, lab: undefined, engine, readOnly } as unknown as DeskParts;
    return { desk: createActionDesk(parts), store, asked };
  };

  it('does it on a host, and writes what came of it on the timeline', async () => {
    const { desk, store, asked } = deskWith(false);
    for (const verb of VERB_NAMES) expect((await desk.act(verb, 'web-1')).ok).toBe(true);
    expect(asked).toEqual(VERB_NAMES.map((verb) => `${verb} web-1`));
    expect(store.getState().timeline.map(({ text, result }) => `${text} → ${result}`)).toEqual(
      VERB_NAMES.map((verb) => expect.stringMatching(`^${verb} web-1 → web-1 ${VERBS[verb].done} in .* s$`)),
    );
    expect((await desk.act('kill', 'nobody')).text).toMatch(/no service is called nobody; there are web-1/);
  });

  it('does nothing at all with --read-only', async () => {
    const { desk, store, asked } = deskWith(true);
    for (const verb of VERB_NAMES) expect((await desk.act(verb, 'web-1')).text).toContain('--read-only');
    expect(asked).toEqual([]);
    expect(store.getState().timeline).toEqual([]);
  });
});
