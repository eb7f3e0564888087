import { describe, expect, it } from 'vitest';
import { RawRing } from '../../../source/engines/docker/logs/raw-ring.js';
import { seededRandom } from '../../linux/seeded-random.js';

const push = (ring: RawRing, text: string, readAt = 0, stream: 'stdout' | 'stderr' = 'stdout') =>
  ring.push({ stream, bytes: Buffer.from(text), readAt });
const texts = (ring: RawRing) => ring.tail().map(({ bytes }) => bytes.toString());

describe('the newest lines as bytes', () => {
  it('are 1,000 of ordinary length, each with its stream and its time', () => {
    const ring = new RawRing();
    expect([ring.newest, ring.tail()]).toEqual([undefined, []]);
    for (let i = 0; i < 2_500; i++) push(ring, `line ${i}`, i, i % 2 ? 'stderr' : 'stdout');
    expect(texts(ring)).toEqual(Array.from({ length: 1_000 }, (_, i) => `line ${1_500 + i}`));
    expect(ring.tail()[1]).toMatchObject({ stream: 'stderr', readAt: 1_501 });
    expect(ring.newest?.bytes.toString()).toBe('line 2499');
  });

  it('are copies: what was lent may be used again, and what was given stays', () => {
    const ring = new RawRing();
    const lent = Buffer.from('one');
    ring.push({ stream: 'stdout', bytes: lent, readAt: 0 });
    lent.fill('x');
    const before = ring.tail();
    for (let i = 0; i < 5_000; i++) push(ring, 'y'.repeat(100));
    expect(before[0]?.bytes.toString()).toBe('one');
  });

  it('are the newest ones whatever their lengths, in no more than a mebibyte', () => {
    const random = seededRandom(5);
    const ring = new RawRing();
    const all: string[] = [];
    for (let i = 0; i < 6_000; i++) {
      const most = i > 3_000 && i < 4_000 ? 40_000 : 200;
      const text = `${i}:${'z'.repeat(Math.floor(random() * most))}`;
      // An empty line is a line, too.
      all.push(i % 7 === 0 ? '' : text);
      push(ring, all.at(-1) as string);
      if (i % 97 !== 0) continue;
      const kept = texts(ring);
      expect(kept).toEqual(all.slice(-kept.length));
      expect(kept.reduce((sum, one) => sum + one.length, 0)).toBeLessThanOrEqual(1024 * 1024);
      // Never fewer than fill most of the room, while there are that many.
      if (kept.length < Math.min(1_000, i)) expect(kept.join('').length).toBeGreaterThan(900_000);
    }
    expect(texts(ring)).toEqual(all.slice(-1_000));
  });

  it('hold one that is longer than all the room, cut', () => {
    const ring = new RawRing();
    push(ring, 'a'.repeat(3 * 1024 * 1024));
    push(ring, 'b');
    expect(texts(ring).map((text) => text.length)).toEqual([1]);
    push(ring, 'c'.repeat(1024 * 1024));
    expect(texts(ring).map((text) => text.length)).toEqual([1024 * 1024]);
  });
});
