import { expect, it } from 'vitest';
import { byAddress } from '../../../source/faults/observe/inside-sections.js';

const device = (ifname: string, local: string, scope = 'global') => ({
  ifname,
  addr_info: [{ local, scope }],
});

it('a device that Docker counted on is the same by its address', () => {
  const before = byAddress(JSON.stringify([device('lo', '127.0.0.1', 'host'), device('eth0', '172.18.0.5')]));
  const after = byAddress(JSON.stringify([device('eth3', '172.18.0.5')]));
  expect(before('default via 172.18.0.1 dev eth0')).toBe('default via 172.18.0.1 dev eth@172.18.0.5');
  expect(after('default via 172.18.0.1 dev eth3')).toBe(before('default via 172.18.0.1 dev eth0'));
});

it('two devices stay two, names of others and devices without an address stay', () => {
  const named = byAddress(JSON.stringify([device('eth0', '10.0.0.5'), device('eth1', '10.1.0.5')]));
  expect(named('eth0 eth1 eth10 veth0 tun0')).toBe('eth@10.0.0.5 eth@10.1.0.5 eth10 veth0 tun0');
  expect(byAddress(null)('dev eth0')).toBe('dev eth0');
  expect(byAddress('not json')('dev eth0')).toBe('dev eth0');
});
