import { expect, it } from 'vitest';
import { HalfOpenTally } from '../../../source/probes/sockets/half-open.js';
import { row } from '../edges/rows.js';

const listener = (port: number, backlog: number | null, inode = port) => ({
  ...{ address: '0.0.0.0', port, queued: 0, backlog, inode, cgroupId: null },
});
const tallied = (...asked: readonly (readonly [port: number, peer: string, times: number])[]) => {
  const tally = new HalfOpenTally();
  for (const [localPort, remote, times] of asked)
    for (let i = 0; i < times; i++) tally.add(row({ state: 'SYN-RECV', localPort, remote, inode: 0 }));
  return tally;
};

it('counts half-open connections by port and client, the most first, with the room there is', () => {
  const all = tallied([80, '10.0.0.2', 3], [80, '10.0.0.3', 9], [5432, '10.0.0.2', 20]);
  all.add(row({ state: 'ESTAB', localPort: 80 }));
  expect(all.sample([listener(5432, 64), listener(80, 5), listener(80, 5, 81)])).toEqual([
    {
      ...{ address: '0.0.0.0', port: 5432, count: 20, backlog: 64, clients: 1 },
      peers: [{ peer: '10.0.0.2', count: 20 }],
    },
    {
      ...{ address: '0.0.0.0', port: 80, count: 12, backlog: 10, clients: 2 },
      peers: [
        { peer: '10.0.0.3', count: 9 },
        { peer: '10.0.0.2', count: 3 },
      ],
    },
  ]);
});

it('leaves out what any busy server has, and knows no room where the table tells none', () => {
  expect(tallied([80, '10.0.0.2', 2]).sample([listener(80, 5)])).toEqual([]);
  expect(tallied([80, '10.0.0.2', 4]).sample([listener(80, null)])[0]?.backlog).toBeNull();
});

it('tells of thousands of clients the first 32, and all of them in its count', () => {
  const tally = new HalfOpenTally();
  for (let i = 0; i < 12_000; i++)
    tally.add(row({ state: 'SYN-RECV', localPort: 80, remote: `client ${i}` }));
  const [told] = tally.sample([]);
  expect([told?.count, told?.clients, told?.peers.length]).toEqual([12_000, 10_000, 32]);
});
