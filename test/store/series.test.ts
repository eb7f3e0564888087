import { describe, expect, it } from 'vitest';
import { Ring, SeriesBook } from '../../source/store/series.js';

describe('Ring', () => {
  it('holds the newest values and forgets the oldest', () => {
    const ring = new Ring(3);
    for (let i = 1; i <= 5; i++) ring.push(i * 10, i);
    expect(ring.length).toBe(3);
    expect(ring.fromEnd(0)).toEqual({ at: 50, value: 5 });
    expect(ring.fromEnd(2)).toEqual({ at: 30, value: 3 });
    expect(ring.fromEnd(3)).toBeUndefined();
    expect(ring.since(40)).toEqual([
      { at: 40, value: 4 },
      { at: 50, value: 5 },
    ]);
  });

  it('tells nothing when it is empty', () => {
    expect(new Ring(4).since(0)).toEqual([]);
    expect(new Ring(4).fromEnd(0)).toBeUndefined();
  });
});

describe('SeriesBook', () => {
  it('never holds more signals than its limit', () => {
    const book = new SeriesBook(10, 5);
    for (let i = 0; i < 100; i++) book.push(`signal-${i}`, i, i);
    expect(book.names()).toHaveLength(5);
    book.push('signal-0', 200, 7);
    expect(book.get('signal-0')?.fromEnd(0)?.value).toBe(7);
  });
});
