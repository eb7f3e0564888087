import type { Finding } from '../../source/store/finding.js';
import type { FaultlineState } from '../../source/store/state.js';
import { type Line, span } from '../panel.js';
import { wrap } from '../widgets/fit.js';

/** The questions of a review with what the history says, for each cause that has some. */
export function reviewLines(
  { reviews }: FaultlineState,
  causes: readonly Finding[],
  width: number,
): readonly Line[] {
  return causes.flatMap(({ key, title }): readonly Line[] => {
    const answers = reviews[key] ?? [];
    if (answers.length === 0) return [];
    return [
      [],
      [span('Review', 'title'), span(`  ${title}`, 'muted')],
      ...answers.flatMap(({ question, answer, because }): readonly Line[] => [
        [span(`  ${question} `), span(answer, answer === 'cannot tell' ? 'unknown' : 'strong')],
        ...wrap(because, width - 6).map((text): Line => [span(`      ${text}`, 'muted')]),
      ]),
    ];
  });
}
