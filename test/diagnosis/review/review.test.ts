import { describe, expect, it } from 'vitest';
import type { Incident } from '../../../source/diagnosis/review/question.js';
import { QUESTIONS, review } from '../../../source/diagnosis/review/review.js';
import type { Datastore, Edge } from '../../../source/probes/samples.js';
import { HistoryBuilder, play, START, type World } from '../../helpers/history.js';
import { edge, edges, inside, insideSockets } from '../../helpers/inside.js';
import { ADDRESS, networkServices } from '../../helpers/network-world.js';
import { dns, everyTarget, HANG, http, kernel, postgres, sockets } from '../../helpers/samples.js';

/** Seconds of the first symptom. */
const ONSET = 30;
const INCIDENT: Incident = {
  subject: { kind: 'workload', id: 'store' },
  target: 'shop-1 → store',
  since: START + ONSET * 1000,
};
const STORE = `${ADDRESS.store}:5432`;

const within = (name: string, ...list: readonly Edge[]): World => ({
  [`inside:${name}`]: inside(name, {
    network: `net:[${name}]`,
    sockets: insideSockets({ ESTAB: 2 }, { edges: edges(...list) }),
  }),
});

/** What the review says to one question at the end of a world; `s` counts from the onset and is negative before it. */
function asked(id: string, world: (s: number) => World, seconds = 60) {
  const history = play(seconds, (t) => ({
    services: networkServices(),
    ...(t % 2 === 0 ? everyTarget() : {}),
    ...world(t - ONSET),
  }));
  const found = review(history, INCIDENT).find((one) => one.id === id);
  if (!found) throw new Error(`no question ${id}`);
  return found;
}

it('answers every question, and tells none of them where nothing was read', () => {
  const answers = review(new HistoryBuilder().second({}), INCIDENT);
  expect(answers.map(({ id }) => id)).toEqual(QUESTIONS.map(({ id }) => id));
  for (const { answer, because } of answers) {
    expect(answer).toBe('cannot tell');
    expect(because).not.toMatch(/failed/);
  }
});

describe('did retries raise the load', () => {
  const shop = (opened: number, came: number) =>
    within(
      'shop-1',
      edge(STORE, { opened, failed: 0 }),
      edge(`${ADDRESS.front}:8000`, { direction: 'in', opened: came }),
    );

  it('yes: more connections, and no more clients', () => {
    expect(asked('retries', (s) => shop(s < 0 ? 1 : 4, 2))).toMatchObject({
      answer: 'yes',
      because:
        'shop-1 → store: 4.1 /s new connections since, 1 /s before; its own clients: 2.1 /s since, 2 /s before',
    });
  });

  it('no: as before, or as many more clients', () => {
    expect(asked('retries', () => shop(1, 2)).answer).toBe('no');
    const surge = asked('retries', (s) => shop(s < 0 ? 1 : 10, s < 0 ? 2 : 20));
    expect(surge).toMatchObject({ answer: 'no', because: expect.stringContaining('so did what came in') });
  });

  it('cannot tell where the watch began with the trouble', () => {
    const late = asked('retries', (s) => (s < -3 ? {} : shop(4, 2)));
    expect(late).toMatchObject({ answer: 'cannot tell', because: expect.stringContaining('watch began') });
  });
});

describe('did the pool saturate before the service fell', () => {
  const target = (failing: boolean): World => ({ 'http:GET /': http('GET /', failing ? HANG : undefined) });
  const used = (connections: number): World => ({ postgres: postgres({ connections }) });

  it('yes: all slots were in use before the first failure', () => {
    const world = (s: number): World => ({ ...used(s < -6 ? 20 : 97), ...target(s >= 0) });
    expect(asked('pool', world)).toMatchObject({
      answer: 'yes',
      because: expect.stringMatching(
        /^all 97 of the database’s connections .*, 6\.0 s before GET \/ failed$/,
      ),
    });
  });

  it('no: they were used up later, or never', () => {
    const later = (s: number): World => ({ ...used(s < 8 ? 20 : 97), ...target(s >= 0) });
    expect(asked('pool', later)).toMatchObject({
      answer: 'no',
      because: expect.stringContaining('8.0 s after'),
    });
    const never = (s: number): World => ({ ...used(6), ...target(s >= 0) });
    expect(asked('pool', never)).toMatchObject({
      answer: 'no',
      because: 'at most 6 of 97 of the database’s connections were in use',
    });
  });

  it('sees it at a client whose busy connections stop growing', () => {
    const busy = (count: number) => within('shop-1', edge(STORE, { unanswered: { count, longestMs: 900 } }));
    const world = (s: number): World => ({ ...busy(s < -4 ? 2 + (s % 2) : 8), ...target(s >= 0) });
    expect(asked('pool', world)).toMatchObject({
      answer: 'yes',
      because: expect.stringMatching(/^all 8 of the connections of shop-1 to store/),
    });
  });

  it('cannot tell where no slots are known, or nobody was seen to fail', () => {
    const datastore = { address: STORE, slots: null } as unknown as Datastore;
    expect(asked('pool', () => ({ datastores: { datastores: [datastore] } })).answer).toBe('cannot tell');
    expect(asked('pool', () => used(97))).toMatchObject({
      answer: 'cannot tell',
      because: expect.stringContaining('no target was seen to fail'),
    });
  });
});

describe('were old DNS answers in use', () => {
  const destroyed = {
    events: {
      events: [
        { at: START + 20_000, workload: 'old', action: 'destroy', addresses: ['172.20.0.77'], names: [] },
      ],
      lost: 0,
    },
  } as unknown as World;
  const asks = (failed: number) =>
    within('shop-1', edge('172.20.0.77:5432', { states: {}, failed, synSent: SILENT }));
  const SILENT = { count: 1, retried: 1, mostRetries: 2, ageMs: 4_000 };

  it('yes: somebody asks where a removed container was', () => {
    expect(asked('old-addresses', (s) => ({ ...destroyed, ...(s < 0 ? {} : asks(1)) }))).toMatchObject({
      answer: 'yes',
      because: expect.stringMatching(
        /^shop-1 asks 172\.20\.0\.77:5432, which nobody has: \d+ attempts? in vain$/,
      ),
    });
  });

  it('yes: somebody asks where a name was that has moved', () => {
    const [given] = dns({ name: 'db.internal' }).names;
    const former = [{ address: '198.51.100.7', at: START + 20_000 }];
    const moved = { dns: { ...dns(), names: given ? [{ ...given, former }] : [] } };
    const world = (s: number) => ({
      ...moved,
      ...(s < 0
        ? {}
        : within('shop-1', edge('198.51.100.7:5432', { states: {}, failed: 1, synSent: SILENT }))),
    });
    expect(asked('old-addresses', world)).toMatchObject({
      answer: 'yes',
      because: expect.stringMatching(
        /^shop-1 asks 198\.51\.100\.7:5432, which db\.internal has left for 127\.0\.0\.1: \d+ attempts in vain$/,
      ),
    });
  });

  it('no: who is connected to is where its name or its container is now', () => {
    const open = within('shop-1', edge(STORE), edge('192.0.2.9:443'), edge('127.0.0.1:9000'));
    expect(asked('old-addresses', () => ({ ...open, dns: dns() }))).toEqual({
      id: 'old-addresses',
      question: 'Were old DNS answers in use?',
      answer: 'no',
      because:
        '2 servers connected to at the address that its name or its container has now; of 1 more no name is known',
    });
  });
});

describe('did idle connections outlive a timeout', () => {
  const kept = (over: Partial<Edge>) =>
    within('shop-1', edge(STORE, { idleMs: { least: 1, most: 5_000 }, ...over }));

  it('yes: they ended, or hang, as they were used again', () => {
    const cut = asked(
      'idle-timeout',
      (s) => kept(s < 0 ? {} : { cut: { count: 1, reset: 1, leastIdleMs: 5_000 } }),
      33,
    );
    expect(cut).toMatchObject({
      answer: 'yes',
      because: '4 kept connections of shop-1 to store ended as they were used again',
    });
    const goodbye = { cut: { count: 1, reset: 0, leastIdleMs: 5_000 } };
    expect(asked('idle-timeout', (s) => kept(s < 0 ? {} : goodbye), 33).answer).toBe('no');
    const hung = asked('idle-timeout', () => kept({ stalled: 1, idleMs: { least: 1, most: 1_320_000 } }));
    expect(hung).toMatchObject({
      answer: 'yes',
      because: expect.stringContaining('22 min after anything last came'),
    });
  });

  it('no: they are kept and go on; cannot tell where none is kept', () => {
    expect(asked('idle-timeout', () => kept({ stalled: 0 }))).toMatchObject({
      answer: 'no',
      because: expect.stringContaining('the longest silence is 5.0 s'),
    });
    expect(asked('idle-timeout', () => kept({ idleMs: { least: 1, most: 20 } })).answer).toBe('cannot tell');
  });
});

describe('did packet size matter', () => {
  const flow = (over: Partial<Edge>) => within('shop-1', edge(STORE, { stalled: 0, ...over }));

  it('yes: full segments hang while handshakes come through', () => {
    const world = () => flow({ stalled: 1, sendQueue: 65_000, opened: 1, pathMtu: 1500 });
    expect(asked('packet-size', world)).toMatchObject({
      answer: 'yes',
      because: expect.stringMatching(
        /^65 kB towards store are not acknowledged, path MTU 1500, while \d+ handshakes/,
      ),
    });
  });

  it('no: what was sent came through; cannot tell from next to nothing', () => {
    expect(asked('packet-size', () => flow({ sent: 50, resent: 1 }))).toMatchObject({
      answer: 'no',
      because: expect.stringMatching(/data segments were sent since, 2 % of them again, and none hangs$/),
    });
    expect(asked('packet-size', () => flow({ sent: 0, resent: 0 })).answer).toBe('cannot tell');
    expect(asked('packet-size', () => flow({ stalled: null })).answer).toBe('cannot tell');
  });
});

describe('was waiting told apart from working', () => {
  const hang = { 'http:GET /': http('GET /', HANG) };

  it('yes: of the time of a request it is seen who waits for whom', () => {
    const waits = within('shop-1', edge(STORE, { unanswered: { count: 64, longestMs: 4_800 } }));
    expect(asked('waiting', () => ({ ...hang, ...waits }))).toMatchObject({
      answer: 'yes',
      because:
        'GET /: 0.4 ms to connect, no first byte in 5.0 s; shop-1 waits for store: 64 requests, the oldest for 4.8 s',
    });
    expect(asked('waiting', () => ({ sockets: sockets({ queued: 7, askers: 3 }) })).because).toContain(
      '7 connections in the queue of port 5000; 3 lookups without an answer',
    );
  });

  it('no: the time alone is known', () => {
    expect(asked('waiting', () => ({ ...hang, kernel: kernel() })).answer).toBe('no');
  });
});
