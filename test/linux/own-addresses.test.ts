import { expect, it } from 'vitest';
import { holds, parseFibTrie } from '../../source/linux/proc-net/own-addresses.js';

const TEXT = `Main:
  +-- 0.0.0.0/0 3 0 5
     |-- 0.0.0.0
        /0 universe UNICAST
     +-- 10.7.0.0/24 2 0 2
        +-- 10.7.0.0/30 2 0 2
           |-- 10.7.0.0
              /24 link UNICAST
           |-- 10.7.0.3
              /32 host LOCAL
        |-- 10.7.0.255
           /32 link BROADCAST
     +-- 127.0.0.0/8 2 0 2
        |-- 127.0.0.0
           /8 host LOCAL
`;

it('what a network has, and what is on its wires, is read from its table of routes', () => {
  const { local, connected } = parseFibTrie(TEXT);
  expect(holds(local, '10.7.0.3')).toBe(true);
  expect(holds(local, '127.9.9.9')).toBe(true);
  for (const other of ['10.7.0.2', '10.7.0.255', '', 'fd00::1', '10.7.0'])
    expect(holds(local, other)).toBe(false);
  expect(holds(connected, '10.7.0.2')).toBe(true);
  expect(holds(connected, '10.8.0.2')).toBe(false);
});

it('anything else is read as nothing', () => {
  for (const text of [
    '',
    '/32 host LOCAL\n',
    '   |-- nonsense\n   /32 host LOCAL\n',
    '|-- 10.0.0.1\n/x host LOCAL',
  ])
    expect(parseFibTrie(text)).toEqual({ local: [], connected: [] });
});
