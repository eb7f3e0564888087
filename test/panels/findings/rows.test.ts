import { describe, expect, test } from 'vitest';
import { findingContent } from '../../../panels/findings/findings.js';
import { alsoLines, rowText } from '../../../panels/findings/rows.js';
import { headerLine } from '../../../panels/screen/header.js';
import { headline } from '../../../panels/screen/status.js';
import { createUiStore } from '../../../panels/ui/state.js';
import { plain } from '../../../panels/widgets/fit.js';
import type { Finding } from '../../../source/store/finding.js';
import { foldByMode } from '../../../source/store/finding-rows.js';
import { incidentState } from '../../helpers/state.js';

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

describe('the finding panel', () => {
  const [saturated] = incidentState().findings as [Finding];
  const many = ['a', 'b', 'c', 'd'].map((place) => ({
    ...saturated,
    ...killed(place),
    key: `container-kill@workload:${place}`,
    verdict: 'likely' as const,
    score: 0.74,
  }));
  const shown = (alone: boolean, findings: readonly Finding[] = [...many, saturated]) => {
    const view = { width: 100, height: 40, alone, filter: '', cursor: null, restartTarget: null };
    const content = findingContent(incidentState({ findings }), view);
    const rows = Array.from({ length: content.count }, (_, row) => plain(content.line(row)));
    return { right: content.right, rows, text: rows.join('\n') };
  };

  test('has one row for many causes of one mode and tells the first; opened, a row and the evidence of each', () => {
    const { right, rows, text } = shown(false);
    expect(right).toBe('likely 0.74');
    expect(rows[0]).toBe(
      '✖ container-kill  OOM kill at its 50 MiB limit in 4 containers: a, b, c and 1 more',
    );
    expect(rows[2]).toBe('✖ OOM kill at its 50 MiB limit in a');
    expect(text).toContain('✖ Also: The resolver is saturated');
    expect(text).not.toContain('container d');
    const opened = shown(true);
    expect(opened.text).toContain('  ✖ OOM kill at its 50 MiB limit in d  container d');
    expect(opened.text).toContain('Evidence  OOM kill at its 50 MiB limit in d, likely 0.74');
  });

  test('counts what they explain once, whichever of them explains it', () => {
    const effects = many.slice(0, 3).map((cause, index) => ({
      ...saturated,
      key: `http-errors@target:t${index}`,
      id: 'http-errors',
      subject: { kind: 'target' as const, id: `t${index}` },
      title: `GET t${index} fails`,
      explainedBy: cause.key,
    }));
    expect(shown(false, [...many, ...effects]).text).toMatch(
      /Explains 3 other findings: http-errors {2}GET fails at 3 targets: t0, t1 and t2/,
    );
  });

  test('is told in one line of the screen, and as one cause', () => {
    const state = incidentState({ findings: many });
    expect(plain(headline(state, 120) ?? [])).toContain(
      '✖ container-kill  OOM kill at its 50 MiB limit in 4',
    );
    expect(plain(headerLine(state, createUiStore().getState(), 120))).toContain('✖ 1 cause');
  });
});
