import { expect, it } from 'vitest';
import { parseArp } from '../../../source/probes/edges/near-peers.js';

it('neighbours are those that answered ARP, on a wire', () => {
  const text = `IP address       HW type     Flags       HW address            Mask     Device
10.0.0.2         0x1         0x2         02:42:0a:00:00:02     *        br-1
10.0.0.3         0x1         0x0         00:00:00:00:00:00     *        br-1
10.8.0.3         0x1         0x2         02:42:0a:00:00:03     *        zt0
garbage
`;
  expect(parseArp(text)).toEqual(['10.0.0.2']);
  expect(parseArp('')).toEqual([]);
});
