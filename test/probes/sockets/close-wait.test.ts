import { expect, it } from 'vitest';
import { NO_EDGES, UNKNOWN_EDGE } from '../../../source/probes/edges/sample.js';
import { CloseWaitBook } from '../../../source/probes/sockets/close-wait.js';
import type { CloseWaitHolder } from '../../../source/probes/sockets/sample.js';
import { info, row } from '../edges/rows.js';

const LISTENING = new Set([8080]);
const served = { local: '10.0.0.2', localPort: 8080, remotePort: 40_000 };
const closed = (more: Parameters<typeof row>[0] = {}, of: Parameters<typeof info>[0] = {}) =>
  row({ state: 'CLOSE-WAIT', inode: 900_000_001, ...more, info: info({ lastAckRecvMs: 12_000, ...of }) });

function holders(...rows: readonly ReturnType<typeof row>[]): CloseWaitHolder[] {
  const look = new CloseWaitBook().begin();
  for (const one of rows) look.add(one, LISTENING);
  return look.sample(NO_EDGES, () => null, 0);
}
const twelve = (one: ReturnType<typeof row>) => Array.from({ length: 12 }, () => one);

it('a few are left by every program and are not looked at', () => {
  expect(holders(closed(), closed())).toEqual([]);
});

it('counts them with those that are old, and whom they lead to', () => {
  expect(holders(...twelve(closed()), closed({}, { lastAckRecvMs: 500 }))).toMatchObject([
    { count: 13, old: 12, busy: 0, towards: { peer: '10.0.0.3:5432', count: 13 }, port: null },
  ]);
});

it('what nobody has accepted is the queue of its listener', () => {
  expect(holders(...twelve(closed({ inode: 0 })))).toEqual([]);
});

it('a client that left before its request was answered is no leak; one that was answered is', () => {
  const asked = { dataSegsIn: 1, dataSegsOut: 0 };
  const again = { dataSegsIn: 3, dataSegsOut: 2, lastDataSentMs: 14_000, lastDataRecvMs: 13_000 };
  const answered = { dataSegsIn: 1, dataSegsOut: 2, lastDataSentMs: 12_500, lastDataRecvMs: 13_000 };
  expect(
    holders(...twelve(closed(served, asked)), ...twelve(closed(served, again)), closed(served, answered)),
  ).toMatchObject([{ count: 1, busy: 24, port: 8080, towards: null }]);
});

it('a request that is older than a minute is forgotten, and one to another server has its answer', () => {
  const forgotten = closed(served, { dataSegsIn: 1, dataSegsOut: 0, lastAckRecvMs: 61_000 });
  const client = closed({}, { dataSegsIn: 1, dataSegsOut: 0 });
  expect(holders(...twelve(forgotten))).toMatchObject([{ count: 12, busy: 0 }]);
  expect(holders(...twelve(client))).toMatchObject([{ count: 12, busy: 0 }]);
});

it('a table without ages says so', () => {
  expect(holders(...twelve(row({ state: 'CLOSE-WAIT', info: null, inode: 5 })))).toMatchObject([
    { count: 12, old: null },
  ]);
});

it('open connections of the same peer stand beside them', () => {
  const look = new CloseWaitBook().begin();
  for (const one of twelve(closed())) look.add(one, LISTENING);
  const at = { ...UNKNOWN_EDGE, peer: '10.0.0.3', port: 5_432, states: { ESTAB: 40 } };
  const list = [at, { ...at, port: 80 }];
  expect(look.sample({ ...NO_EDGES, list, sampled: 0.5 }, () => 'shop', 0)).toMatchObject([
    { service: 'shop', open: 80 },
  ]);
});
