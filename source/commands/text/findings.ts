import type { Finding } from '../../store/finding.js';
import { sanitise } from '../../terminal/sanitise.js';
import { clockTime } from './clock.js';
import { indent } from './table.js';

const clean = (text: string): string => sanitise(text, 400);

/** Supports the finding, speaks against it, or could not be read. */
const MARK = { supports: '+', refutes: '-', missing: '?' } as const;

/** All findings as a person reads them: causes first, what they explain folded below them. */
export function findingsText(findings: readonly Finding[]): string {
  const shown = findings.filter((finding) => finding.state !== 'pending');
  const keys = new Set(shown.map((finding) => finding.key));
  const isFolded = (finding: Finding): boolean =>
    finding.explainedBy !== null && finding.explainedBy !== finding.key && keys.has(finding.explainedBy);
  const causes = shown.filter((finding) => !isFolded(finding));
  const told = causes.map((cause) =>
    findingText(
      cause,
      shown.filter((finding) => isFolded(finding) && finding.explainedBy === cause.key),
    ),
  );
  const pending = findings.filter((finding) => finding.state === 'pending').map(pendingText);
  const verdict = causes.length > 0 ? told : ['Nothing is wrong that can be seen from here.'];
  return [...verdict, ...(pending.length > 0 ? [pending.join('\n')] : [])].join('\n\n');
}

/** One finding: the sentence, where and since when, the figures, what it is not, and what to do. */
export function findingText(finding: Finding, explained: readonly Finding[] = []): string {
  const lines = [
    `${finding.severity.toUpperCase()}  ${clean(finding.title)}  (${finding.id}, confidence ${finding.confidence.toFixed(2)})`,
    indent(`${clean(finding.target)}, since ${clockTime(finding.since)}`),
    ...finding.story.map((line) => indent(clean(line))),
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
    explained.map((effect) => clean(`${effect.title} (${effect.id})`)),
  );
  return lines.join('\n');
}

function pendingText(finding: Finding): string {
  return `Looking into: ${clean(finding.title)} (${finding.id}), ${clean(finding.target)}, since ${clockTime(finding.since)}`;
}
