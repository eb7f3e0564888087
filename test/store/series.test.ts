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

  it('tells what stands across its own end in order', () => {
    const ring = new Ring(4);
    for (let i = 1; i <= 6; i++) ring.push(i, i);
    expect(ring.since(0).map(({ at }) => at)).toEqual([3, 4, 5, 6]);
    expect(ring.since(5).map(({ at }) => at)).toEqual([5, 6]);
    expect(ring.since(7)).toEqual([]);
  });

  it('tells the newest that was read', () => {
    const ring = new Ring(4);
    for (const [at, value] of [
      [1, 1],
      [2, 2],
      [3, Number.NaN],
      [4, Number.NaN],
    ] as const)
      ring.push(at, value);
    expect(ring.newestSince(0)).toEqual({ at: 2, value: 2 });
    expect(ring.newestSince(3)).toBeUndefined();
  });

  it('tells nothing when it is empty', () => {
    expect(new Ring(4).since(0)).toEqual([]);
    expect(new Ring(4).newestSince(0)).toBeUndefined();
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

  it('lets a signal go once it has been silent for two minutes, however often there was no room before', () => {
    const book = new SeriesBook(10, 2);
    for (let at = 0; at <= 120_000; at += 10_000) {
      if (at <= 50_000) book.push('gone', at, 1);
      book.push('kept', at, 1);
      book.push('new', at, 1);
    }
    expect(book.names()).toEqual(['gone', 'kept']);
    for (let at = 130_000; at <= 180_000; at += 10_000) {
      book.push('kept', at, 1);
      book.push('new', at, 1);
    }
    expect(book.names()).toEqual(['kept', 'new']);
  });
});

describe('a window of a ring', () => {
  it('is the list that was told before while nothing came and nothing left it', () => {
    const ring = new Ring(10);
    for (const at of [1, 2, 3]) ring.push(at * 1_000, at);
    const told = ring.window(3_000, 5_000);
    expect(ring.window(5_000, 5_000)).toBe(told);
    expect(ring.window(5_000, 2_500)).toEqual(ring.since(2_500));
  });

  it('is what since() tells, whatever was asked and pushed in between', () => {
    const ring = new Ring(7);
    const spans = [0, 1_500, 3_000, 9_000, 20_000];
    for (let at = 0; at < 60_000; at += 500) {
      if (at % 3_500 < 1_000) ring.push(at, at);
      for (const ms of spans) expect(ring.window(at, ms)).toEqual(ring.since(at - ms));
    }
    // A wall clock that is set back sees what had left the window.
    for (const ms of spans) expect(ring.window(50_000, ms)).toEqual(ring.since(50_000 - ms));
  });
});
