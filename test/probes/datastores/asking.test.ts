import { describe, expect, it } from 'vitest';
import { type Answer, Asking, type Seen } from '../../../source/probes/datastores/asking.js';
import type { Verdict } from '../../../source/probes/datastores/dialogues/index.js';
import { kindNamed } from '../../../source/probes/datastores/kinds.js';
import type { DatastoreKind } from '../../../source/probes/datastores/sample.js';

const seen = (kind: DatastoreKind, changes: Partial<Seen> = {}): Seen => ({
  ...{ kind: kindNamed(kind), queued: 0, backlog: 128, frozen: false, clients: 4, suspicion: undefined },
  ...{ life: '7 100', ...changes },
});
const answer = (state: Answer['state']): Answer => ({ state, said: '', answerMs: 1, at: 0 });
const ALIVE: Verdict = { state: 'alive', said: '' };

/** Looks each second and answers the same each time it is asked; the seconds at which it was. */
function askedAt(
  seconds: number,
  look: (t: number) => Seen,
  state: Answer['state'],
  verdict: Verdict | null,
): { readonly t: number; readonly ask: string }[] {
  const asking = new Asking();
  const found: { t: number; ask: string }[] = [];
  for (let t = 0; t < seconds; t++) {
    const one = look(t);
    const plan = asking.plan(one, t * 1000);
    if (plan.ask === 'not') continue;
    asking.begins(plan.ask, one.clients, t * 1000);
    asking.take(answer(state), verdict);
    found.push({ t, ask: plan.ask });
  }
  return found;
}

describe('a server that leaves no trace of being asked', () => {
  it('is asked every 10 s while it is well, every 5 s while it is full', () => {
    expect(askedAt(31, () => seen('redis'), 'alive', ALIVE).map(({ t }) => t)).toEqual([0, 10, 20, 30]);
    const full: Verdict = { state: 'full', said: '' };
    expect(askedAt(16, () => seen('postgres'), 'full', full).map(({ t }) => t)).toEqual([0, 5, 10, 15]);
  });

  it('is asked later and later while it is silent, and once while it is frozen', () => {
    expect(askedAt(200, () => seen('postgres'), 'silent', null).map(({ t }) => t)).toEqual([
      0, 10, 30, 70, 130, 190,
    ]);
    expect(askedAt(200, () => seen('postgres', { frozen: true }), 'silent', null)).toHaveLength(1);
  });

  it('is left alone while more than half of its accept queue is taken', () => {
    const asking = new Asking();
    expect(asking.plan(seen('redis', { queued: 3, backlog: 5 }), 0)).toEqual({
      ask: 'not',
      why: 'not asked: 3 of 5 places in its accept queue are taken',
    });
    expect(asking.plan(seen('redis', { queued: 2, backlog: 5 }), 0).ask).toBe('fully');
  });
});

describe('a PostgreSQL that logs what it is asked', () => {
  const logs: Verdict = { ...ALIVE, logged: true };

  it('is asked as far as that once a minute, and between for less', () => {
    const all = askedAt(121, () => seen('postgres'), 'alive', logs);
    expect(all.filter(({ ask }) => ask === 'fully').map(({ t }) => t)).toEqual([0, 60, 120]);
    expect(all).toHaveLength(13);
  });

  it('is asked at once when it has lost its clients, or is a new process', () => {
    const lost = askedAt(21, (t) => seen('postgres', { clients: t < 15 ? 8 : 1 }), 'alive', logs);
    expect(lost.at(-1)).toEqual({ t: 20, ask: 'fully' });
    const again = askedAt(8, (t) => seen('postgres', { life: t < 5 ? '7 100' : '8 900' }), 'alive', logs);
    expect(again).toEqual([0, 5].map((t) => ({ t, ask: 'fully' })));
  });
});

describe('a server that logs each handshake that is broken off', () => {
  it('is not asked while nothing is suspected', () => {
    const asking = new Asking();
    expect(asking.plan(seen('mysql'), 0)).toEqual({
      ask: 'not',
      why: 'not asked: it logs a handshake that is broken off, and its connections look well',
    });
  });

  it('is asked once a minute while it is, ten times in all', () => {
    const suspicion = 'a target fails';
    const all = askedAt(1_200, () => seen('mysql', { suspicion }), 'alive', { ...ALIVE, logged: true });
    expect(all.map(({ t }) => t)).toEqual([0, 60, 120, 180, 240, 300, 360, 420, 480, 540]);
  });
});
