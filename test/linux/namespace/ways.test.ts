import { expect, it } from 'vitest';
import { leadsTo } from '../../../source/linux/namespace/other-networks.js';
import type { Route } from '../../../source/linux/namespace/routes.js';

const route = (destination: string, reject = false): Route => ({
  ...{ family: destination.includes(':') ? 6 : 4, destination, gateway: null, interface: 'eth0' },
  ...{ metric: 0, advertisedMss: null, reject },
});

it('the route that says most is meant, and one that is rejected leads nowhere', () => {
  expect(leadsTo([], '10.9.0.2')).toBe(false);
  expect(leadsTo([route('203.0.113.0/24')], '10.9.0.2')).toBe(false);
  expect(leadsTo([route('0.0.0.0/0'), route('203.0.113.0/24')], '10.9.0.2')).toBe(true);
  expect(leadsTo([route('0.0.0.0/0'), route('10.9.0.0/24', true)], '10.9.0.2')).toBe(false);
  expect(leadsTo([route('10.9.0.0/24', true), route('10.9.0.2/32')], '10.9.0.2')).toBe(true);
  expect(leadsTo([route('::/0')], '10.9.0.2')).toBe(false);
});
