import { expect, it } from 'vitest';
import { decodeRefusal, REFUSALS } from '../../../source/linux/packet/refusal.js';
import { noise, seededRandom } from '../seeded-random.js';
import { resetOf } from './packets.js';

it('a reset that answers a SYN is read from its IP header on, of both families', () => {
  const wire = { from: '127.0.0.1', to: '127.0.0.1', port: 9_000, clientPort: 40_000 };
  expect(decodeRefusal(resetOf(wire))).toEqual({ address: '127.0.0.1', port: 9_000, clientPort: 40_000 });
  const v6 = { ...wire, from: 'fd00::7', to: 'fd00::2' };
  expect(decodeRefusal(resetOf(v6))).toMatchObject({ address: 'fd00::7', port: 9_000 });
});

it('a reset of a connection, a segment without one, and another protocol are none', () => {
  const wire = { from: '10.0.0.3', to: '10.0.0.2', port: 9_000, clientPort: 40_000 };
  for (const other of [{ sequence: 77 }, { flags: 0x04 }, { flags: 0x12 }, { protocol: 17 }])
    expect(decodeRefusal(resetOf({ ...wire, ...other }))).toBeUndefined();
});

it('is read at every length that a packet may be cut to, and from noise', () => {
  const whole = resetOf({ from: '10.0.0.3', to: '10.0.0.2', port: 9_000, clientPort: 40_000 });
  for (let length = 0; length < whole.length; length++)
    expect(decodeRefusal(whole.subarray(0, length))).toBeUndefined();
  const random = seededRandom(7);
  for (let i = 0; i < 5_000; i++) {
    const seen = decodeRefusal(Buffer.concat([whole.subarray(0, i % 40), noise(60, random)]));
    if (seen) expect(seen.address).toMatch(/^[\da-f.:]+$/);
  }
});

it('goes through a filter whose jumps all lead forwards to its two ends', () => {
  for (const [i, [, yes, no]] of REFUSALS.entries())
    expect(i + 1 + Math.max(yes, no)).toBeLessThan(REFUSALS.length + 1);
});
