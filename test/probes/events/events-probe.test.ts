import { describe, expect, it } from 'vitest';
import type { EngineEvent } from '../../../source/engines/engine.js';
import { createEventsProbe } from '../../../source/probes/events/events-probe.js';
import { HandClock } from '../../helpers/hand-clock.js';

const CONTEXT = { signal: new AbortController().signal, now: 0 };

function stage() {
  const listeners = new Set<(event: EngineEvent) => void>();
  const clock = new HandClock();
  let trouble: { reason: string; mend: string } | undefined;
  const probe = createEventsProbe({
    engine: {
      onEvent(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      trouble: () => trouble,
    },
    clock,
  });
  return {
    probe,
    listeners,
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
    expect((await run(122_500)).events.map(({ action }) => action)).toEqual(['start']);
    expect(await run(200_000)).toEqual({ events: [], lost: 0 });
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
