import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../../source/engines/engine.js';
import { createEventsProbe } from '../../../source/probes/events/events-probe.js';
import { HandClock } from '../../helpers/hand-clock.js';

const CONTEXT = { signal: new AbortController().signal, now: 0 };

function stage() {
  const listeners = new Set<(event: EngineEvent) => void>();
  const clock = new HandClock();
  const past: EngineEvent[] = [];
  let trouble: { reason: string; mend: string } | undefined;
  const probe = createEventsProbe({
    engine: {
      onEvent(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      trouble: () => trouble,
      past: () => past,
    },
    clock,
  });
  return {
    probe,
    listeners,
    past,
    tell: (at: number, action = 'start') => {
      for (const listener of listeners) listener({ at, workload: 'api', action, detail: '' });
    },
    run: (at: number) => {
      clock.set(at);
      return probe.run(CONTEXT);
    },
    break: () => {
      trouble = { reason: 'Docker is gone', mend: 'systemctl start docker' };
    },
  };
}

describe('createEventsProbe', () => {
  it('holds two minutes in the order of their times', async () => {
    const { tell, run } = stage();
    tell(2000, 'die');
    tell(1000, 'kill');
    tell(3000);
    expect((await run(3000)).events.map(({ action }) => action)).toEqual(['kill', 'die', 'start']);
    tell(3000, 'rename');
    expect((await run(122_500)).events.map(({ action }) => action)).toEqual([
      'kill',
      'die',
      'start',
      'rename',
    ]);
    // Lives are told longer, so that a loop can be counted.
    expect((await run(200_000)).events.map(({ action }) => action)).toEqual(['kill', 'die', 'start']);
    expect(await run(604_000)).toEqual({ events: [], lost: 0 });
  });

  it('holds the end of one that has not begun again, and of that life only, for an hour', async () => {
    const { tell, run } = stage();
    for (const [at, action] of [
      ...[[1000, 'start'] as const, [2000, 'die'] as const, [3000, 'start'] as const],
      ...[[4000, 'kill'] as const, [5000, 'die'] as const],
    ])
      tell(at, action);
    expect((await run(3_000_000)).events.map(({ at }) => at)).toEqual([3000, 4000, 5000]);
    expect((await run(3_700_000)).events).toEqual([]);
  });

  it('begins with what happened before it was made, once', async () => {
    const { tell, run, past } = stage();
    past.push({ at: -5000, workload: 'db', action: 'die', detail: '', exitCode: 1 });
    tell(1000, 'start');
    expect((await run(2000)).events.map(({ workload }) => workload)).toEqual(['db', 'api']);
    expect((await run(3000)).events).toHaveLength(2);
  });

  it('is bounded and says what it let go', async () => {
    const { tell, run } = stage();
    for (let i = 0; i < 700; i++) tell(i);
    const { events, lost } = await run(700);
    expect([events.length, lost, events[0]?.at]).toEqual([500, 200, 200]);
    expect((await run(200_000)).lost).toBe(0);
  });

  it('says why while the engine cannot be asked, and listens no more when closed', async () => {
    const { probe, listeners, run, break: breakIt } = stage();
    breakIt();
    await expect(run(0)).rejects.toThrow('Docker is gone');
    probe.close?.();
    expect(listeners.size).toBe(0);
  });
});
