import type { Finding } from '../../store/finding.js';
import { foldByMode, type Group, sureText, titleOf } from '../../store/finding-rows.js';
import type { ReviewAnswer } from '../../store/review.js';
import { clock } from '../../terminal/format.js';
import { sanitise } from '../../terminal/sanitise.js';
import { indent } from './table.js';

const clean = (text: string): string => sanitise(text, 400);

const ALL_WELL = 'Nothing is wrong that can be seen from here.';

/** Supports the finding, speaks against it, or could not be read. */
const MARK = { supports: '+', refutes: '-', missing: '?' } as const;

/**
 * All findings as a person reads them: causes first, what they explain folded below them; `otherwise` where there is none.
 * `reviews` are the answers of each, by its key.
 */
export function findingsText(
  findings: readonly Finding[],
  otherwise = ALL_WELL,
  reviews: Readonly<Record<string, readonly ReviewAnswer[]>> = {},
): string {
  const shown = findings.filter((finding) => finding.state !== 'pending');
  const keys = new Set(shown.map((finding) => finding.key));
  const isFolded = (finding: Finding): boolean =>
    finding.explainedBy !== null && finding.explainedBy !== finding.key && keys.has(finding.explainedBy);
  const causes = shown.filter((finding) => !isFolded(finding));
  const told = foldByMode(causes).map((group) => {
    const own = new Set(group.map(({ key }) => key));
    return causeText(
      group,
      shown.filter(({ explainedBy }) => explainedBy !== null && own.has(explainedBy)),
      reviews[group[0].key],
    );
  });
  const pending = foldByMode(findings.filter((finding) => finding.state === 'pending')).map(pendingText);
  const verdict = causes.length > 0 ? told : [otherwise];
  return [...verdict, ...(pending.length > 0 ? [pending.join('\n')] : [])].join('\n\n');
}

/**
 * One cause: the sentence, where and since when, the figures, what it is not, and what to do. Many of one mode are one
 * sentence with a row for each, and the first of them is told in full.
 */
function causeText(
  group: Group<Finding>,
  explained: readonly Finding[],
  review: readonly ReviewAnswer[] = [],
): string {
  const [finding] = group;
  const lines = [
    `${finding.severity.toUpperCase()}  ${clean(titleOf(group))}  (${finding.id}, ${sureText(finding)})`,
    ...(group.length > 1 ? group.map((each) => indent(singleText(each))) : [indent(placeText(finding))]),
    ...(group.length > 1 ? [indent(`The first of them, ${clean(finding.subject.id)}:`)] : []),
    ...finding.explanation.map((line) => indent(clean(line))),
  ];
  const block = (heading: string, rows: readonly string[]): void => {
    if (rows.length > 0) lines.push(indent(heading), ...rows.map((row) => indent(row, 4)));
  };
  block(
    'Evidence',
    finding.evidence.flatMap((one) => [
      `${MARK[one.verdict]} ${clean(one.value)}`,
      `    ${clean(`${one.signal}, against ${one.threshold} (${one.source})`)}`,
    ]),
  );
  block(
    'Not',
    finding.ruledOut.map((rival) => clean(`${rival.title}: ${rival.because}`)),
  );
  block(
    'Fix',
    finding.fix.flatMap((fix) => [
      `${fix.when.padEnd(5)}  ${clean(fix.text)}`,
      ...(fix.command === undefined ? [] : [`       $ ${clean(fix.command)}`]),
    ]),
  );
  block(
    'Explains',
    foldByMode(explained).map((effects) => clean(`${titleOf(effects)} (${effects[0].id})`)),
  );
  block(
    'Review',
    review.map(({ question, answer, because }) => clean(`${question} ${sentence(answer)}: ${because}`)),
  );
  return lines.join('\n');
}

const sentence = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

const placeText = ({ target, since }: Finding): string => `${clean(target)}, since ${clock(since)}`;

const singleText = (finding: Finding): string =>
  `- ${clean(finding.title)}  (${sureText(finding)}): ${placeText(finding)}`;

function pendingText(group: Group<Finding>): string {
  const [first] = group;
  const where = group.length > 1 ? `since ${clock(first.since)}` : placeText(first);
  return `Suspected: ${clean(titleOf(group))} (${first.id}), ${where}`;
}
