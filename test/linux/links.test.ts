import { expect, it } from 'vitest';
import { closedWires, decodeLinkReply, type Link, readLinks } from '../../source/linux/netlink/links.js';

const link = (index: number, over: Partial<Link>): Link => ({
  ...{ index, name: `l${index}`, kind: 'veth', master: null, running: true },
  ...over,
});

it('reads the loopback of any host, with what it is made of', async () => {
  const links = await readLinks();
  expect(links.find(({ name }) => name === 'lo')).toMatchObject({ index: 1, kind: null, master: null });
});

it('leaves what is cut off or no netlink', () => {
  expect(() => decodeLinkReply(new Uint8Array(16), 1, [])).toThrow('netlink message of 0 bytes');
  expect(decodeLinkReply(new Uint8Array(7), 1, [])).toBe(false);
});

it('a wire is closed where all who can be on it are of this machine and up', () => {
  const bridge = link(9, { kind: 'bridge' });
  const port = link(2, { master: 9 });
  expect([...closedWires([link(1, {}), bridge, port])]).toEqual([
    ['l1', 1],
    ['l9', 1],
  ]);
  expect([...closedWires([bridge, port, link(3, { master: 9, kind: null })])]).toEqual([]);
  expect([...closedWires([bridge, link(2, { master: 9, running: false })])]).toEqual([]);
  expect([...closedWires([bridge, link(4, { running: false }), link(5, { kind: 'vxlan' })])]).toEqual([]);
});
