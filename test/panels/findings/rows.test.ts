import { describe, expect, test } from 'vitest';
import { alsoLines, rowText } from '../../../panels/findings/rows.js';
import { plain } from '../../../panels/widgets/fit.js';
import { foldByMode } from '../../../source/store/finding-rows.js';

const killed = (place: string) => ({
  id: 'container-kill',
  title: `OOM kill at its 50 MiB limit in ${place}`,
  severity: 'critical' as const,
  target: `container ${place}`,
  subject: { kind: 'workload' as const, id: place },
});

const groups = (...places: string[]) => foldByMode(places.map(killed));

describe('rows of findings', () => {
  test('many of one mode are one row, with the mode, their number and their places', () => {
    const all = groups('a', 'b', 'c', 'd', 'e');
    expect(all.map(rowText)).toEqual([
      'container-kill  OOM kill at its 50 MiB limit in 5 containers: a, b, c and 2 more',
    ]);
    expect(all.flatMap((group) => alsoLines(group, false)).map(plain)).toEqual([
      '✖ Also: container-kill  OOM kill at its 50 MiB limit in 5 containers: a, b, c and 2 more',
    ]);
  });

  test('opened, each has a line below it', () => {
    const shown = groups('a', 'b', 'c').flatMap((group) => alsoLines(group, true));
    expect(shown.map(plain).slice(1)).toEqual(
      ['a', 'b', 'c'].map((place) => `  ✖ OOM kill at its 50 MiB limit in ${place}  container ${place}`),
    );
  });

  test('two are two rows', () => {
    const shown = groups('a', 'b').flatMap((group) => alsoLines(group, false));
    expect(shown.map(plain)).toEqual([
      '✖ Also: OOM kill at its 50 MiB limit in a  container a',
      '✖ Also: OOM kill at its 50 MiB limit in b  container b',
    ]);
  });
});
