import { describe, expect, it } from 'vitest';
import { atDoor } from '../../../source/probes/doors/at-door.js';
import { createDoors, type Door, type DoorQueue } from '../../../source/probes/doors/doors.js';
import { httpDoor } from '../../../source/probes/http/http-door.js';
import type { ProbeContext } from '../../../source/probes/probe.js';
import type { HttpSample } from '../../../source/probes/samples.js';
import { HandClock, settle } from '../../helpers/hand-clock.js';

const DOOR: Door = { address: '10.0.0.2', port: 80 };
const never = new AbortController().signal;

/** Doors at listeners with these queues; every gap is the middle one. */
function doorsWith(queueOf: (door: Door) => DoorQueue | undefined) {
  const clock = new HandClock();
  let looks = 0;
  const facts = {
    nameOf: ({ address, port }: Door) => `${address} ${port}`,
    queueOf: async (door: Door) => {
      looks++;
      return queueOf(door);
    },
  };
  return { clock, doors: createDoors(facts, clock, () => 0.5), looks: () => looks };
}

/** What a promise came to, if it has. */
function watched<T>(work: Promise<T>): { value?: T; error?: unknown } {
  const seen: { value?: T; error?: unknown } = {};
  work.then(
    (value) => {
      seen.value = value;
    },
    (error) => {
      seen.error = error;
    },
  );
  return seen;
}

describe('turns at a listener', () => {
  it('are taken one after the other, with a gap between', async () => {
    const { clock, doors } = doorsWith(() => undefined);
    const turns = [1, 2, 3].map(() => watched(doors.enter(DOOR, 0, never)));
    const granted = (): number => turns.filter(({ value }) => value?.granted).length;
    await clock.pass(10_000);
    expect(granted()).toBe(1);
    const leave = (i: number) => {
      const turn = turns[i]?.value;
      if (turn?.granted) turn.leave();
    };
    leave(0);
    leave(0);
    await settle();
    expect(granted()).toBe(1);
    await clock.pass(200);
    expect(granted()).toBe(2);
    leave(1);
    await clock.pass(200);
    expect(granted()).toBe(3);
  });

  it('of one listener hold up no other', async () => {
    const { doors } = doorsWith(() => undefined);
    await doors.enter(DOOR, 0, never);
    expect((await doors.enter({ ...DOOR, port: 81 }, 0, never)).granted).toBe(true);
  });

  it('that somebody holds for long are not waited for by who asks many listeners', async () => {
    const { clock, doors } = doorsWith(() => undefined);
    const first = await doors.enter(DOOR, 0, never);
    const second = watched(doors.enterUnlessHeld(DOOR, 0, 500, never));
    const third = watched(doors.enter(DOOR, 0, never));
    await clock.pass(400);
    expect(second.value).toBeUndefined();
    await clock.pass(300);
    expect(second.value).toMatchObject({ granted: false, heldMs: expect.any(Number) });
    const later = watched(doors.enterUnlessHeld(DOOR, 0, 500, never));
    await settle();
    expect(later.value).toMatchObject({ granted: false });
    expect(third.value).toBeUndefined();
    if (first.granted) first.leave();
    await clock.pass(1_000);
    expect(third.value?.granted).toBe(true);
  });

  it('that are each short are waited for however many there are', async () => {
    const { clock, doors } = doorsWith(() => undefined);
    const turns = Array.from({ length: 20 }, () => watched(doors.enterUnlessHeld(DOOR, 0, 500, never)));
    for (const { value } of turns) expect(value).toBeUndefined();
    for (const one of turns) {
      await clock.pass(200);
      if (one.value?.granted) one.value.leave();
    }
    expect(turns.filter(({ value }) => value?.granted)).toHaveLength(20);
  });

  it('of who gives up pass to the next, and only once it is free', async () => {
    const { clock, doors } = doorsWith(() => undefined);
    const first = await doors.enter(DOOR, 0, never);
    const abort = new AbortController();
    const second = watched(doors.enter(DOOR, 0, abort.signal));
    const third = watched(doors.enter(DOOR, 0, never));
    await settle();
    abort.abort(new Error('over'));
    await clock.pass(1_000);
    expect(second.error).toEqual(new Error('over'));
    expect(third.value).toBeUndefined();
    if (first.granted) first.leave();
    await clock.pass(1_000);
    expect(third.value?.granted).toBe(true);
  });
});

describe('a queue', () => {
  it('that is half full lets one more in, and one over half does not', async () => {
    const { doors } = doorsWith(({ port }) => ({ queued: port, backlog: 4 }));
    expect((await doors.enter({ ...DOOR, port: 2 }, 0, never)).granted).toBe(true);
    expect(await doors.enter({ ...DOOR, port: 3 }, 0, never)).toMatchObject({
      granted: false,
      queue: { queued: 3, backlog: 4 },
      drains: false,
    });
  });

  it('that gets shorter in time is waited for', async () => {
    let queued = 5;
    const { clock, doors } = doorsWith(() => ({ queued, backlog: 5 }));
    const turn = watched(doors.enter(DOOR, 5_000, never));
    await clock.pass(1_000);
    expect(turn.value).toBeUndefined();
    queued = 1;
    await clock.pass(1_000);
    expect(turn.value?.granted).toBe(true);
  });

  it('that drains and never has room is told from one that takes nobody', async () => {
    let look = 0;
    const busy = doorsWith(() => ({ queued: look++ % 2 === 0 ? 5 : 4, backlog: 5 }));
    const stuck = doorsWith(() => ({ queued: 5, backlog: 5 }));
    for (const [{ clock, doors }, drains] of [
      [busy, true],
      [stuck, false],
    ] as const) {
      const turn = watched(doors.enter(DOOR, 5_000, never));
      await clock.pass(6_000);
      expect(turn.value).toMatchObject({ granted: false, drains });
    }
  });

  it('that was refused a moment ago is not waited for all over again', async () => {
    const { clock, doors } = doorsWith(() => ({ queued: 5, backlog: 5 }));
    const first = watched(doors.enter(DOOR, 5_000, never));
    const second = watched(doors.enter(DOOR, 5_000, never));
    await clock.pass(5_600);
    expect(first.value?.granted).toBe(false);
    expect(second.value?.granted).toBe(false);
  });

  it('with much room is not looked at each time', async () => {
    const { clock, doors, looks } = doorsWith(() => ({ queued: 3, backlog: 4096 }));
    for (let i = 0; i < 10; i++) {
      const turn = watched(doors.enter(DOOR, 0, never));
      await clock.pass(200);
      if (turn.value?.granted) turn.value.leave();
    }
    expect(looks()).toBe(1);
    await clock.pass(10_000);
    await doors.enter(DOOR, 0, never);
    expect(looks()).toBe(2);
  });
});

describe('a target that refuses', () => {
  const refused: HttpSample = {
    ...{ target: 'it', url: 'http://10.0.0.2/', ok: false, status: null, totalMs: 1, address: '10.0.0.2' },
    failure: { kind: 'refused', phase: 'connect', text: 'connection refused' },
    phases: { dns: null, connect: null, tls: null, firstByte: null, transfer: null },
  };
  const probed = async (sample: HttpSample, listens: boolean) => {
    const asked: Door[] = [];
    const facts = {
      nameOf: ({ address }: Door) => address,
      queueOf: async () => undefined,
      isListenedAt: async (door: Door) => asked.push(door) > 0 && listens,
    };
    const doors = createDoors(facts, new HandClock());
    const probe = {
      id: 'http:it',
      intervalMs: 2_000,
      timeoutMs: 5_000,
      cost: 'network' as const,
      run: async () => sample,
    };
    const at = atDoor(probe, doors, httpDoor('it', 'http://10.0.0.2/', {}));
    return { found: await at.run({ signal: never } as ProbeContext), asked };
  };

  it('and is seen to listen was rejected by a firewall', async () => {
    const { found, asked } = await probed(refused, true);
    expect(asked).toEqual([{ address: '10.0.0.2', port: 80 }]);
    expect(found.failure).toMatchObject({ kind: 'refused', listens: true });
    expect(found.failure?.text).toContain('a firewall rejects it');
    expect((await probed(refused, false)).found).toEqual(refused);
  });

  it('is the only one of which it is asked', async () => {
    expect((await probed({ ...refused, ok: true, failure: null }, true)).asked).toEqual([]);
  });
});
