import { describe, expect, it } from 'vitest';
import { assemble } from '../../../source/linux/packet/assemble.js';
import { DNS_MESSAGES, decodeSeenMessage } from '../../../source/linux/packet/dns-message.js';
import { noise, seededRandom } from '../seeded-random.js';
import { type Header, packetOf } from './packets.js';

const QUESTION: Header = { id: 7, qname: 'db.shop.example' };

describe('DNS messages as they pass an interface', () => {
  it('are read from their IP header on, of both families', () => {
    const v4 = packetOf({ from: '10.0.0.2', to: '10.0.0.53' }, QUESTION);
    expect(decodeSeenMessage(v4)).toEqual({
      ...{ kind: 'question', server: '10.0.0.53', id: 7, qname: 'db.shop.example', qtype: 'A' },
      ...{ rcode: 0, answers: 0 },
    });
    const v6 = packetOf({ from: 'fd00::53', to: 'fd00::2' }, { ...QUESTION, answer: 3, qtype: 28 });
    expect(decodeSeenMessage(v6)).toMatchObject({
      ...{ kind: 'answer', server: 'fd00::53', qtype: 'AAAA', rcode: 3 },
    });
  });

  it('are none where the type is another, or the name is no host name', () => {
    const wire = { from: '10.0.0.2', to: '10.0.0.53' };
    for (const other of [{ qtype: 15 }, { qname: 'x\u001b]0;.example' }, { qname: '' }])
      expect(decodeSeenMessage(packetOf(wire, { ...QUESTION, ...other }))).toBeUndefined();
  });

  it('are read at every length that a packet may be cut to, and from noise', () => {
    const whole = packetOf({ from: '10.0.0.2', to: '10.0.0.53' }, QUESTION);
    for (let length = 0; length < whole.length; length++)
      expect(decodeSeenMessage(whole.subarray(0, length))).toBeUndefined();
    const random = seededRandom(11);
    for (let i = 0; i < 5_000; i++) {
      const bytes = Buffer.concat([whole.subarray(0, 28 + (i % 20)), noise(80, random)]);
      const seen = decodeSeenMessage(bytes);
      if (seen) expect(seen.qname).toMatch(/^[a-z0-9_.-]+$/);
    }
  });

  it('go through a filter whose jumps all lead forwards to its two ends', () => {
    expect(DNS_MESSAGES.length).toBeLessThan(60);
    for (const [i, [, yes, no]] of DNS_MESSAGES.entries())
      expect(i + 1 + Math.max(yes, no)).toBeLessThan(DNS_MESSAGES.length + 1);
    expect(() => assemble([{ code: 0x15, k: 1, yes: 'nowhere' }])).toThrow('nowhere');
  });
});
