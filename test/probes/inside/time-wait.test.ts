import { describe, expect, it } from 'vitest';
import { EdgeBook } from '../../../source/probes/edges/edge-book.js';
import { Tally } from '../../../source/probes/inside/tally.js';
import { TimeWaitMemory } from '../../../source/probes/inside/time-wait.js';
import { row } from '../edges/rows.js';

const counters = (timeWait: number) => ({ inuse4: 3, inuse6: 0, timeWait, currEstab: 1, attemptFails: 0 });
const READ = { v4: 600, v6: 0, edges: [] };

describe('TIME-WAIT sockets of a network', () => {
  const kept = (count = 600): TimeWaitMemory => {
    const memory = new TimeWaitMemory();
    memory.keep('net:[1]', counters(count), READ, 1_000);
    return memory;
  };

  it('are not read again while there are about as many', () => {
    expect(kept().recent('net:[1]', counters(640), 6_000)).toBe(READ);
  });

  it('are read when nothing was before, when their count moves, after a while, and in another network', () => {
    expect(new TimeWaitMemory().recent('net:[1]', counters(600), 0)).toBeUndefined();
    expect(kept().recent('net:[1]', counters(800), 6_000)).toBeUndefined();
    expect(kept().recent('net:[1]', counters(400), 6_000)).toBeUndefined();
    expect(kept().recent('net:[1]', counters(600), 21_000)).toBeUndefined();
    expect(kept().recent('net:[2]', counters(600), 6_000)).toBeUndefined();
    expect(kept().recent('net:[1]', undefined, 6_000)).toBeUndefined();
  });

  it('are always read where they are few', () => {
    expect(kept(12).recent('net:[1]', counters(12), 6_000)).toBeUndefined();
  });

  it('stand in the next look as they were read, in the counts and at their edges, and nothing else does', () => {
    const book = new EdgeBook();
    const first = new Tally(book.begin(0));
    const over = (cookie: number, remote: string) =>
      row({ cookie, remote, state: 'TIME-WAIT', inode: 0, info: null, localPort: 41_000 + cookie });
    for (const each of [over(1, '10.0.0.3'), over(2, '10.0.0.3'), over(3, '10.0.0.4'), row({ cookie: 4 })])
      first.add(each);
    const read = first.over();
    const whole = first.summary(undefined);
    const second = new Tally(book.begin(5_000));
    second.add(row({ cookie: 4 }));
    second.addOver(read);
    const next = second.summary(undefined);
    expect(next.total).toEqual(whole.total);
    expect(next.v4).toEqual(whole.v4);
    const states = ({ edges }: typeof next) => edges.list.map(({ peer, states }) => [peer, states]);
    expect(states(next)).toEqual(states(whole));
    expect(next.edges.list[0]).toMatchObject({ peer: '10.0.0.3', opened: 0, closed: 0 });
    const third = new Tally(book.begin(10_000));
    third.add(row({ cookie: 4 }));
    expect(third.summary(undefined).edges.list).toMatchObject([{ states: { ESTAB: 1 }, closed: 0 }]);
  });
});
