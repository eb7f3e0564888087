import { describe, expect, it } from 'vitest';
import type { SocketRow } from '../../../source/linux/socket-row.js';
import { EdgeBook } from '../../../source/probes/edges/edge-book.js';
import { unmoved } from '../../../source/probes/edges/unmoved.js';
import type { Edge, Edges } from '../../../source/probes/samples.js';
import { info, row } from './rows.js';

const LISTENING = new Set([8_080]);

/** Lets a book look at one table after the other, 5 s apart, and gives the last look's edges. */
function looks(...tables: readonly (readonly SocketRow[])[]): Edges {
  const book = new EdgeBook();
  let edges: Edges | undefined;
  for (const [i, table] of tables.entries()) {
    const look = book.begin(i * 5_000);
    for (const each of table) look.add(each, LISTENING, null);
    edges = look.sample();
  }
  return edges as Edges;
}

const only = (edges: Edges): Edge => {
  expect(edges.list).toHaveLength(1);
  return edges.list[0] as Edge;
};

describe('edges', () => {
  it('are told apart by who asked, the peer and its port', () => {
    const client = { localPort: 8_080, remotePort: 50_000, remote: '10.0.0.9' };
    const { list } = looks([
      row({ state: 'LISTEN', localPort: 8_080, remotePort: 0 }),
      ...[row({ cookie: 1 }), row({ cookie: 2, localPort: 41_001 })],
      ...[
        row({ cookie: 3, ...client }),
        row({ cookie: 4, ...client, remotePort: 50_001, state: 'SYN-RECV' }),
      ],
    ]);
    expect(list.map(({ direction, peer, port, states }) => [direction, peer, port, states])).toEqual([
      ['out', '10.0.0.3', 5_432, { ESTAB: 2 }],
      ['in', '10.0.0.9', 8_080, { ESTAB: 1, 'SYN-RECV': 1 }],
    ]);
  });

  it('of processes that are no workload are one edge, with their names', () => {
    const look = new EdgeBook().begin(0);
    for (const [cookie, name] of ['curl', 'java', 'curl', undefined].entries())
      look.add(row({ cookie }), LISTENING, null, {
        ...(name && { pid: 7 + cookie }),
        process: name,
        unit: name && `${name}.service`,
      });
    expect(only(look.sample())).toMatchObject({
      owner: null,
      processes: ['curl', 'java'],
      pids: [7, 8, 9],
      units: ['curl.service', 'java.service'],
      states: { ESTAB: 4 },
    });
  });

  it('of which packets tell that they were refused count those, unless they are known by their sockets', () => {
    const book = new EdgeBook();
    book.begin(0).sample();
    const look = book.begin(2_000);
    const gone = row({ state: 'CLOSE', remotePort: 9_000, info: info({ rttUs: null, minRttUs: null }) });
    look.ended(gone, LISTENING, 'web');
    for (const port of [9_000, 9_000, 9_001]) look.refused({ address: '10.0.0.3', port });
    expect(look.sample().list.map(({ owner, port, failed }) => [owner, port, failed])).toEqual([
      ['web', 9_000, 1],
      [null, 9_000, 1],
      [null, 9_001, 1],
    ]);
  });

  it('know nothing of what was before the first look', () => {
    const edge = only(looks([row({ info: info({ dataSegsOut: 900, totalRetrans: 90, bytesRetrans: 9 }) })]));
    expect(edge).toMatchObject({ sent: null, resent: null, opened: null, closed: null, rttMs: 0.3 });
  });

  it('count data segments between looks, those of new sockets from their beginning', () => {
    const old = (sent: number, again: number, bytes: number) =>
      row({ info: info({ dataSegsOut: sent, totalRetrans: again, bytesRetrans: bytes, dataSegsIn: sent }) });
    const young = row({ cookie: 2, info: info({ dataSegsOut: 10, totalRetrans: 1, bytesRetrans: 100 }) });
    const edge = only(looks([old(900, 90, 9_000)], [old(940, 93, 9_900), young]));
    expect(edge).toMatchObject({ sent: 50, resent: 4, received: 40, opened: 1, lateOpened: 0, closed: 0 });
  });

  it('take a SYN that was sent again for a late handshake and for no lost data', () => {
    const late = row({ info: info({ dataSegsOut: 3, totalRetrans: 2 }) });
    expect(only(looks([], [late]))).toMatchObject({ sent: 3, resent: 0, opened: 1, lateOpened: 1 });
    const waiting = row({ state: 'SYN-SENT', timer: 1, retransmits: 3, info: info({ totalRetrans: 3 }) });
    const edge = only(looks([waiting], [waiting], [waiting]));
    expect(edge).toMatchObject({ sent: null, resent: null, opened: 0, stalled: null });
    expect(edge.synSent).toEqual({ count: 1, retried: 1, mostRetries: 3, ageMs: 10_000 });
  });

  it('do not count what the peer had already, nor what a dead connection sends in vain', () => {
    const dup = info({ dataSegsOut: 20, totalRetrans: 5, bytesRetrans: 500, dsackDups: 4 });
    const dead = info({ dataSegsOut: 9, totalRetrans: 8, bytesRetrans: 800, backoff: 8, unacked: 1 });
    const edge = only(looks([], [row({ info: dup }), row({ cookie: 2, timer: 1, info: dead })]));
    expect(edge).toMatchObject({ sent: 21, resent: 1, stalled: 1 });
  });

  it('tell for how long the oldest has been seen on which data comes', () => {
    const of = (dataSegsIn: number) => [
      row({ info: info({ dataSegsIn: 1 }) }),
      row({ cookie: 2, info: info({ dataSegsIn }) }),
    ];
    const book = new EdgeBook();
    const at = (ms: number, dataSegsIn: number) => {
      const look = book.begin(ms);
      for (const one of of(dataSegsIn)) look.add(one, LISTENING, null);
      return only(look.sample()).servedMs;
    };
    expect([at(0, 1), at(5_000, 1), at(9_000, 2), at(12_000, 2)]).toEqual([
      undefined,
      undefined,
      9_000,
      undefined,
    ]);
  });

  it('tell how long one was idle that its peer closed in order', () => {
    const figures = { dataSegsIn: 3, dataSegsOut: 4, bytesReceived: 900, lastDataSentMs: 60_010 };
    const kept = info({ ...figures, lastDataRecvMs: 58_000, lastDataSentMs: 58_010 });
    const endedWith = (end: Parameters<typeof info>[0]) => {
      const book = new EdgeBook();
      const before = book.begin(0);
      before.add(row({ info: kept }), LISTENING, null);
      before.sample();
      const look = book.begin(2_000);
      look.ended(
        row({ state: 'CLOSE', inode: 0, info: info({ ...figures, lastDataRecvMs: 60_000, ...end }) }),
        LISTENING,
        null,
      );
      return only(look.sample()).idleEndMs;
    };
    expect(endedWith({ bytesReceived: 901 })).toBe(60_000);
    // Without its FIN; used once more; answered once more.
    expect(endedWith({})).toBeUndefined();
    expect(endedWith({ bytesReceived: 901, dataSegsOut: 5 })).toBeUndefined();
    expect(endedWith({ bytesReceived: 1_401, dataSegsIn: 4 })).toBeUndefined();
  });

  it('tell a kept connection that ended as it was used again, and whether by a reset', () => {
    const sums = { dataSegsIn: 3, dataSegsOut: 4, bytesSent: 400, bytesRetrans: 100 };
    const raced = info({ ...sums, bytesAcked: 201, lastDataSentMs: 2, lastDataRecvMs: 992 });
    const endedWith = (figures: typeof raced, more: Partial<SocketRow> = {}) => {
      const book = new EdgeBook();
      book.begin(0).sample();
      const look = book.begin(5_000);
      look.ended(row({ state: 'CLOSE', inode: 0, info: figures, ...more }), LISTENING, null);
      return only(look.sample()).cut;
    };
    expect(endedWith(raced)).toEqual({ count: 1, reset: 1, leastIdleMs: 990 });
    // All data was acknowledged, and our FIN was not; then that as well: an orderly end.
    expect(endedWith(info({ ...raced, bytesAcked: 301 }))?.reset).toBe(1);
    expect(endedWith(info({ ...raced, bytesAcked: 302 }))?.reset).toBe(0);
    // Linux before 4.19 has no such figures.
    expect(endedWith(info({ ...raced, bytesSent: null }))).toMatchObject({ count: 1, reset: 0 });
    // Answered; given up after a long wait; used for the first time; a goodbye right after an answer; a server's.
    const others = [
      { lastDataSentMs: 990, lastDataRecvMs: 2 },
      { lastDataSentMs: 5_000, lastDataRecvMs: 9_000 },
      { dataSegsIn: 0 },
      { dataSegsOut: 1 },
      { lastDataRecvMs: 40 },
    ];
    for (const other of others) expect(endedWith(info({ ...raced, ...other }))).toBeUndefined();
    expect(endedWith(raced, { localPort: 8_080, remotePort: 50_000 })).toBeUndefined();
  });

  it('tell a request that was given up from a goodbye, an answer and a server that speaks last', () => {
    const endedWith = (figures: Partial<ReturnType<typeof info>>, more: Partial<SocketRow> = {}) => {
      const book = new EdgeBook();
      book.begin(0).sample();
      const look = book.begin(5_000);
      look.ended(row({ state: 'CLOSE', inode: 0, info: info(figures), ...more }), LISTENING, null);
      return only(look.sample()).givenUp;
    };
    const asked = { dataSegsOut: 1, lastDataSentMs: 500, lastDataRecvMs: 501 };
    expect(endedWith(asked)).toBe(1);
    // Used before, and answered then.
    expect(endedWith({ ...asked, dataSegsIn: 3, lastDataRecvMs: 9_000 })).toBe(1);
    const others = [
      { ...asked, dataSegsIn: 1, lastDataRecvMs: 20 },
      { ...asked, lastDataSentMs: 3 },
      { ...asked, dataSegsOut: 0 },
    ];
    for (const other of others) expect(endedWith(other)).toBeUndefined();
    expect(endedWith(asked, { localPort: 8_080, remotePort: 50_000 })).toBeUndefined();
  });

  it('do not take what is left of a connection for a new one', () => {
    const left = row({ cookie: 2, state: 'FIN-WAIT-2', inode: 0, info: null });
    expect(only(looks([row()], [left]))).toMatchObject({ opened: 0, closed: 1 });
  });

  it('take what is left of a server that has just ended for what came to it', () => {
    const book = new EdgeBook();
    const client = {
      localPort: 8_081,
      remotePort: 50_000,
      state: 'TIME-WAIT' as const,
      info: null,
      inode: 0,
    };
    const first = book.begin(0);
    first.add(row({ state: 'LISTEN', localPort: 8_081, remotePort: 0 }), new Set([8_081]), null);
    first.sample();
    const directionAt = (ms: number, cookie: number) => {
      const look = book.begin(ms);
      look.add(row({ ...client, cookie }), new Set(), null);
      return only(look.sample()).direction;
    };
    expect(directionAt(2_000, 5)).toBe('in');
    expect(directionAt(90_000, 6)).toBe('out');
  });

  it('remember for a while who held sockets that come and go, as long as somebody holds some', () => {
    const book = new EdgeBook();
    const at = (ms: number, state: SocketRow['state'], holder?: { pid: number; process: string }) => {
      const look = book.begin(ms);
      look.add(row({ cookie: ms, state }), LISTENING, null, holder);
      return only(look.sample()).pids;
    };
    expect(at(1_000, 'ESTAB', { pid: 7, process: 'shop' })).toEqual([7]);
    expect(at(3_000, 'ESTAB')).toEqual([7]);
    expect(at(5_000, 'TIME-WAIT')).toBeUndefined();
    expect(at(40_000, 'ESTAB')).toBeUndefined();
  });

  it('do not count what was sent again to a peer that may have closed before', () => {
    // As the kernel told it of a connection kept open that was closed by its backend just before it was asked again.
    const again = { dataSegsIn: 1, dataSegsOut: 3, totalRetrans: 1, bytesRetrans: 64 };
    const raced = info({ ...again, lastDataSentMs: 44, lastDataRecvMs: 732 });
    const answered = info({ ...again, lastDataSentMs: 204, lastDataRecvMs: 4 });
    const endedWith = (figures: typeof raced, more: Partial<SocketRow> = {}) => {
      const book = new EdgeBook();
      book.begin(0).sample();
      const look = book.begin(5_000);
      look.ended(row({ state: 'CLOSE', inode: 0, info: figures, ...more }), LISTENING, null);
      return only(look.sample());
    };
    expect(endedWith(raced)).toMatchObject({ sent: 2, resent: 0, toClosed: 1 });
    expect(endedWith(answered)).toMatchObject({ sent: 3, resent: 1 });
    // A server speaks last.
    expect(endedWith(raced, { localPort: 8_080, remotePort: 50_000 })).toMatchObject({ sent: 3, resent: 1 });
    const still = (state: SocketRow['state'], figures: typeof raced, more: Partial<SocketRow> = {}) =>
      only(looks([], [row({ state, info: figures, ...more })]));
    expect(still('ESTAB', raced).resent).toBe(1);
    expect(still('CLOSE-WAIT', raced).resent).toBe(0);
    expect(still('CLOSE-WAIT', answered).resent).toBe(1);
    expect(still('FIN-WAIT-1', raced).resent).toBe(0);
    const served = { localPort: 8_080, remotePort: 50_000 };
    expect(still('LAST-ACK', answered, served).resent).toBe(0);
    expect(still('FIN-WAIT-1', raced, served).resent).toBe(1);
  });

  it('tell a request from what was answered in the same tick by when it was acknowledged', () => {
    const at = (lastAckRecvMs: number) =>
      only(
        looks([
          row({
            info: info({
              dataSegsIn: 2,
              dataSegsOut: 3,
              lastDataSentMs: 900,
              lastDataRecvMs: 900,
              lastAckRecvMs,
            }),
          }),
        ]),
      ).unanswered;
    expect(at(860)).toEqual({ count: 1, longestMs: 900 });
    expect(at(900)).toEqual({ count: 0, longestMs: 0 });
    // An answer to keep-alive.
    expect(at(20)).toEqual({ count: 0, longestMs: 0 });
  });

  it('tell callers that wait for our answer, and since when', () => {
    const at = (sent: number, received: number, dataSegsOut = 3) =>
      row({
        ...{ localPort: 8_080, remotePort: 50_000, cookie: sent + received },
        info: info({ dataSegsIn: 2, dataSegsOut, lastDataSentMs: sent, lastDataRecvMs: received }),
      });
    const edge = only(looks([at(900, 400), at(5_000, 4_700, 0), at(100, 300), at(20, 20)]));
    expect(edge.owed).toEqual({ count: 2, longestMs: 4_700 });
    expect(only(looks([at(100, 300)])).owed).toBeUndefined();
  });

  it('never count more sent again than sent, nor less than nothing', () => {
    const odd = (sent: number, again: number) =>
      row({ info: info({ dataSegsOut: sent, totalRetrans: again, bytesRetrans: again }) });
    expect(only(looks([odd(10, 0)], [odd(12, 50)]))).toMatchObject({ sent: 2, resent: 2 });
    expect(only(looks([odd(10, 9)], [odd(0, 0)]))).toMatchObject({ sent: 0, resent: 0 });
  });

  it('show those that are gone, and short connections by their TIME-WAIT', () => {
    const gone = only(looks([row()], []));
    expect(gone).toMatchObject({ closed: 1, opened: 0, states: {} });
    const over = row({ state: 'TIME-WAIT', timer: 3, inode: 0, info: null });
    expect(only(looks([over]))).toMatchObject({ peer: '10.0.0.3', port: 5_432, states: { 'TIME-WAIT': 1 } });
  });

  it('count connections that came and went between two looks, by what the kernel said of their end', () => {
    const book = new EdgeBook();
    const first = book.begin(0);
    first.add(row(), LISTENING, 'api');
    first.ended(row({ cookie: 9, info: info({ dataSegsOut: 70 }) }), LISTENING, null);
    expect(first.sample().list).toMatchObject([{ owner: 'api', sent: null, closed: null }]);
    const next = book.begin(5_000);
    const end = { state: 'CLOSE', inode: 0 } as const;
    next.ended(row({ ...end, info: info({ dataSegsOut: 4 }) }), LISTENING, null);
    const short = info({ dataSegsOut: 2, totalRetrans: 1, bytesRetrans: 60 });
    next.ended(row({ ...end, cookie: 2, info: short }), LISTENING, null);
    next.ended(row({ ...end, cookie: 3, info: info({ totalRetrans: 1 }) }), LISTENING, null);
    next.ended(row({ ...end, cookie: 4, info: info({ rttUs: null, totalRetrans: 6 }) }), LISTENING, null);
    const edge = only(next.sample());
    expect(edge).toMatchObject({ owner: 'api', sent: 6, resent: 1, states: {} });
    expect(edge).toMatchObject({ opened: 2, lateOpened: 1, closed: 3, failed: 1 });
    expect(book.begin(10_000).sample().list).toEqual([]);
  });

  it('tell what nothing comes back on, a closed window, a request without an answer, an old CLOSE-WAIT', () => {
    const stalled = row({ timer: 1, txQueue: 700, info: info({ backoff: 5, unacked: 2 }) });
    const full = row({ cookie: 2, timer: 4, txQueue: 300 });
    const asked = row({
      cookie: 3,
      timer: 2,
      expiresMs: 7_200_000,
      info: info({ dataSegsOut: 1, lastDataSentMs: 4_000, lastDataRecvMs: 9_000 }),
    });
    const left = row({
      cookie: 4,
      state: 'CLOSE-WAIT',
      info: info({ lastAckRecvMs: 61_000, lastDataRecvMs: 90_000 }),
    });
    const edge = only(looks([stalled, full, asked, left]));
    expect(edge).toMatchObject({
      ...{ stalled: 1, zeroWindow: 1, sendQueue: 1_000, unanswered: { count: 1, longestMs: 4_000 } },
      keepAlive: { armed: 1, none: 0, longestMs: 7_200_000 },
      closeWait: { count: 1, old: 1 },
      idleMs: { least: 5, most: 9_000 },
    });
  });

  it('give the share of the time in which the receiver had no room', () => {
    const busy = (us: number, limited: number) =>
      row({ info: info({ busyUs: us, receiverLimitedUs: limited }) });
    expect(only(looks([busy(1_000, 0)], [busy(5_000, 3_000)])).receiverLimited).toBe(0.75);
    expect(only(looks([busy(1_000, 0)], [busy(1_000, 0)])).receiverLimited).toBeNull();
  });

  it('of a table without tcp_info and cookies hold null where it cannot tell', () => {
    const text = { cookie: null, info: null, txQueue: null, uid: null };
    const table = [row(text), row({ ...text, localPort: 41_001, state: 'CLOSE-WAIT' })];
    const edges = looks(table, table);
    expect(edges.sinceMs).toBeNull();
    expect(only(edges)).toMatchObject({
      states: { ESTAB: 1, 'CLOSE-WAIT': 1 },
      ...{
        sent: null,
        resent: null,
        opened: null,
        closed: null,
        rttMs: null,
        stalled: null,
        sendQueue: null,
      },
      ...{ unanswered: null, idleMs: null, closeWait: { count: 1, old: null } },
    });
  });

  it('are at most 200, the sickest and then the busiest first', () => {
    const many = Array.from({ length: 500 }, (_, i) =>
      row({
        cookie: i,
        remote: `10.0.${i >> 8}.${i & 255}`,
        ...(i === 400 ? { timer: 1, info: info({ backoff: 4, unacked: 1 }) } : {}),
      }),
    );
    const pool = Array.from({ length: 9 }, (_, i) => row({ cookie: 1_000 + i, remote: '10.9.9.9' }));
    const { list, left } = looks([...many, ...pool]);
    expect(list.slice(0, 2).map(({ peer }) => peer)).toEqual(['10.0.1.144', '10.9.9.9']);
    expect([list.length, left]).toEqual([200, 301]);
  });

  it('of a sample take nobody for closed, and of a quiet namespace nothing for sent', () => {
    const book = new EdgeBook();
    const first = book.begin(0);
    first.add(row(), LISTENING, 'api');
    first.sample(0.5);
    expect(book.begin(5_000).sample(0.5).list).toEqual([]);
    const busy = looks([row()], [row({ info: info({ dataSegsOut: 9 }) })]);
    expect(only(busy).sent).toBe(9);
    expect(only(unmoved(busy))).toMatchObject({ sent: 0, opened: 0, rttMs: 0.3 });
  });
});
