import { expect, it } from 'vitest';
import { decodeHandshake, HANDSHAKES } from '../../../source/linux/packet/forwarded.js';
import { noise, seededRandom } from '../seeded-random.js';
import { resetOf } from './packets.js';

const SYN = 0x02;
const SYN_AND_ACK = 0x12;
/** From port 40000 of a client to port 9000 of a server, or back. */
const there = { from: '10.9.0.2', to: '203.0.113.9', port: 40_000, clientPort: 9_000 };
const back = { from: '203.0.113.9', to: '10.9.0.2', port: 9_000, clientPort: 40_000 };
const about = { source: '10.9.0.2', peer: '203.0.113.9', port: 9_000 };

it('a SYN, and the answer to one, tell who asks whom', () => {
  expect(decodeHandshake(resetOf({ ...there, flags: SYN }))).toEqual({ kind: 'syn', ...about });
  // With the flags of explicit congestion notification (RFC 3168 6.1.1).
  expect(decodeHandshake(resetOf({ ...there, flags: 0xc2 }))).toEqual({ kind: 'syn', ...about });
  expect(decodeHandshake(resetOf({ ...back, flags: SYN_AND_ACK }))).toEqual({ kind: 'answer', ...about });
});

it('data, resets, other protocols and IPv6 are none', () => {
  for (const other of [{ flags: 0x10 }, { flags: 0x14 }, { flags: 0x04 }, { flags: SYN, protocol: 17 }])
    expect(decodeHandshake(resetOf({ ...there, ...other }))).toBeUndefined();
  expect(decodeHandshake(resetOf({ ...there, from: 'fd00::2', to: 'fd00::9', flags: SYN }))).toBeUndefined();
});

it('is read at every length that a packet may be cut to, and from noise', () => {
  const whole = resetOf({ ...there, flags: SYN });
  for (let length = 0; length < whole.length; length++)
    expect(decodeHandshake(whole.subarray(0, length))).toBeUndefined();
  const random = seededRandom(7);
  for (let i = 0; i < 5_000; i++) {
    const seen = decodeHandshake(Buffer.concat([whole.subarray(0, i % 40), noise(60, random)]));
    if (seen) expect(seen.source).toMatch(/^[\d.]+$/);
  }
});

it('goes through a filter whose jumps all lead forwards to its two ends', () => {
  for (const [i, [, yes, no]] of HANDSHAKES.entries())
    expect(i + 1 + Math.max(yes, no)).toBeLessThan(HANDSHAKES.length + 1);
});
