import { describe, expect, it } from 'vitest';
import { foldByMode, type Placed, titleOf } from '../../source/store/finding-rows.js';

const of = (
  id: string,
  place: string,
  title = `OOM kill at its 50 MiB limit in ${place}`,
  kind: Placed['subject']['kind'] = 'workload',
): Placed => ({ id, title, subject: { kind, id: place } });

const rows = (findings: readonly Placed[]) =>
  foldByMode(findings).map((group) => group.map(({ subject }) => subject.id).join('+'));

describe('rows of findings', () => {
  it('are one for three or more of a mode, where the first of them stood', () => {
    const kills = ['a', 'b', 'c'].map((place) => of('container-kill', place));
    expect(rows([of('dns-failure', 'x'), ...kills, of('latency', 'y')])).toEqual(['x', 'a+b+c', 'y']);
    const [a, b, c] = kills as [Placed, Placed, Placed];
    expect(rows([a, of('latency', 'y'), b, of('latency', 'z'), c])).toEqual(['a+b+c', 'y', 'z']);
  });

  it('are their own for one and for two of a mode', () => {
    expect(rows([of('container-kill', 'a'), of('latency', 'y'), of('container-kill', 'b')])).toEqual([
      'a',
      'y',
      'b',
    ]);
    expect(rows([])).toEqual([]);
  });
});

describe('one row for many', () => {
  const title = (...findings: Placed[]) => foldByMode(findings).map(titleOf).join('\n');

  it('says what all of them say, how many there are, and the first three by name', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].map((place) => of('memory-limit', place));
    expect(title(...five)).toBe('OOM kill at its 50 MiB limit in 5 containers: a, b, c and 2 more');
    expect(title(...five.slice(0, 3))).toBe('OOM kill at its 50 MiB limit in 3 containers: a, b and c');
  });

  it('leaves out what only some of them say', () => {
    const limits = [50, 64, 128].map((mib, i) =>
      of('memory-limit', `w${i}`, `OOM kill at its ${mib} MiB limit in w${i}`),
    );
    expect(title(...limits)).toBe('OOM kill … in 3 containers: w0, w1 and w2');
    const loss = [5, 7, 9].map((share, i) =>
      of('packet-loss', `db-${i}`, `Packet loss at db-${i}: ${share} % retransmitted`, 'target'),
    );
    expect(title(...loss)).toBe('Packet loss … at 3 targets: db-0, db-1 and db-2');
  });

  it('takes a title that begins with its place, and those that share nothing', () => {
    const killed = ['a', 'b', 'c'].map((place) => of('container-kill', place, `${place} was killed`));
    expect(title(...killed)).toBe('a, b and c: each was killed');
    const odd = ['One', 'Two', 'Three'].map((word, i) => of('x', `p${i}`, word, 'listener'));
    expect(title(...odd)).toBe('at 3 listeners: p0, p1 and p2');
    expect(title(of('x', 'a'), of('x', 'b', 'One', 'host'), of('x', 'c', 'Two', 'name'))).toBe(
      'at 3 places: a, b and c',
    );
  });
});
