import { expect, it } from 'vitest';
import { carriedBulk, NOTHING, totalsOf } from '../../../source/probes/edges/connection.js';
import { EdgeBook } from '../../../source/probes/edges/edge-book.js';
import { stuckOn } from '../../../source/probes/edges/stuck.js';
import { info, row } from './rows.js';

/** The fourth try of ten full segments, 100 ms after it: 0.2 s, 0.4 s and 0.8 s were waited before. */
const FULL = { backoff: 3, unacked: 10, timeoutUs: 1_600_000, lastDataSentMs: 100, segmentBytes: 1_448 };
const full = info({ ...FULL, lastDataRecvMs: 1_510, lastAckRecvMs: 1_505, notSentBytes: 30_000 });
const queued = { timer: 1, txQueue: 44_480 };

it('what is sent again and again is told by its size, and since when', () => {
  expect(stuckOn(row({ ...queued, info: full }), full)).toEqual({
    fullBytes: 1_448,
    sinceMs: 1_500,
    lastTryMs: 100,
    silenceMs: 5,
  });
});

it('a short request on a connection that was idle is not full, and the silence before it is told', () => {
  const idle = info({ ...FULL, unacked: 1, lastDataRecvMs: 61_500, lastAckRecvMs: 61_480 });
  expect(stuckOn(row({ timer: 1, txQueue: 200, info: idle }), idle)).toMatchObject({
    fullBytes: null,
    silenceMs: 59_980,
  });
});

it('is nothing without a retransmission timer, or before the third wait, and unknown where the kernel does not tell', () => {
  expect(stuckOn(row({ ...queued, timer: 4 }), full)).toBeUndefined();
  expect(stuckOn(row(queued), info({ ...FULL, backoff: 2 }))).toBeUndefined();
  expect(stuckOn(row(queued), info({ ...FULL, unacked: 0 }))).toBeUndefined();
  const old = info({ ...FULL, segmentBytes: null, notSentBytes: null, timeoutUs: null });
  expect(stuckOn(row(queued), old)).toMatchObject({ fullBytes: null, sinceMs: null, silenceMs: null });
});

it('an edge adds them up; those that were idle before apart', () => {
  const book = new EdgeBook();
  book.begin(0).sample();
  const look = book.begin(5_000);
  const idle = info({ ...FULL, unacked: 1, lastDataRecvMs: 61_500, lastAckRecvMs: 61_480 });
  const older = info({
    ...FULL,
    backoff: 4,
    timeoutUs: 3_200_000,
    lastDataSentMs: 40,
    lastDataRecvMs: 3_050,
    lastAckRecvMs: 3_050,
    notSentBytes: 0,
  });
  look.add(row({ ...queued, info: full }), new Set(), null);
  look.add(row({ ...queued, cookie: 2, info: older }), new Set(), null);
  look.add(row({ timer: 1, txQueue: 200, cookie: 3, info: idle }), new Set(), null);
  expect(look.sample().list[0]).toMatchObject({
    stalled: 3,
    stuckFull: { count: 2, bytes: 1_448, sinceMs: 3_040, lastTryMs: 40 },
    stuckIdle: { count: 1, leastIdleMs: 59_980, sinceMs: 1_500, lastTryMs: 100 },
  });
});

it('several full segments that were acknowledged are bulk, many short ones are not', () => {
  const of = (segments: number, bytes: number) =>
    totalsOf(info({ dataSegsOut: segments, bytesAcked: bytes + 1, segmentBytes: 1_448 })) ?? NOTHING;
  expect(carriedBulk(NOTHING, of(10, 14_480))).toBe(true);
  expect(carriedBulk(NOTHING, of(100, 14_480))).toBe(false);
  expect(carriedBulk(NOTHING, of(1, 200))).toBe(false);
});
