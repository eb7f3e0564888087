import type { Finding, FindingState, Severity } from '../store/finding.js';
import { type Causality, partOf, reachAll } from './causality.js';

const STATE_RANK: Readonly<Record<FindingState, number>> = { firing: 0, resolving: 1, pending: 2 };
const SEVERITY_RANK: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, notice: 2 };

/**
 * Which of two findings stands above the other: named ones first, then the graver, then a cause before what is only how
 * trouble shows, then the one with more evidence (by tenths, so that two close ones do not change places at every tick),
 * then the older, then by key.
 */
function compare(a: Finding, b: Finding, isSymptom: (finding: Finding) => number): number {
  return (
    STATE_RANK[a.state] - STATE_RANK[b.state] ||
    SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity] ||
    isSymptom(a) - isSymptom(b) ||
    Math.round(b.score * 10) - Math.round(a.score * 10) ||
    a.since - b.since ||
    (a.key < b.key ? -1 : 1)
  );
}

/**
 * Folds each finding below the one that causes it and puts causes first. `causality` tells, by key, what each can
 * cause and where: a symptom is folded only when its causes reach every place at which it shows. A finding that is only
 * pending explains none that is already named. Two that explain each other do not both vanish: the one that ranks
 * higher stays the cause.
 */
export function rank(
  findings: readonly Finding[],
  causality: ReadonlyMap<string, Causality>,
): readonly Finding[] {
  const isSymptom = ({ key }: Finding): number => (causality.get(key)?.mode.symptom ? 1 : 0);
  const ranked = [...findings].sort((a, b) => compare(a, b, isSymptom));
  const causeOf = new Map<string, string>();
  // From the lowest upwards, so that in a circle it is the lowest that is folded.
  for (const finding of [...ranked].reverse()) {
    const symptom = causality.get(finding.key);
    if (!symptom) continue;
    const causes = ranked.filter((other) => {
      const cause = causality.get(other.key);
      return (
        other.key !== finding.key &&
        cause !== undefined &&
        partOf(cause, symptom) &&
        !(other.state === 'pending' && finding.state !== 'pending') &&
        rootOf(other.key, causeOf) !== finding.key
      );
    });
    const all = causes.flatMap(({ key }) => causality.get(key) ?? []);
    if (causes[0] && reachAll(all, symptom)) causeOf.set(finding.key, causes[0].key);
  }
  const withCause = ranked.map((finding): Finding => {
    const root = rootOf(finding.key, causeOf);
    return { ...finding, explainedBy: root === finding.key ? null : root };
  });
  const told = withoutContradiction(withCause);
  const roots = told.filter((finding) => finding.explainedBy === null);
  return roots.flatMap((root) => [root, ...told.filter((finding) => finding.explainedBy === root.key)]);
}

/** What is named as a cause of its own is ruled out by no other finding. */
function withoutContradiction(findings: readonly Finding[]): Finding[] {
  const named = new Set(
    findings.filter((one) => one.state === 'firing' && one.explainedBy === null).map((one) => one.id),
  );
  return findings.map((finding) => ({
    ...finding,
    ruledOut: finding.ruledOut.filter((rival) => !named.has(rival.id)),
  }));
}

/** The cause at the end of the chain; the chain has no circles by construction. */
function rootOf(key: string, causeOf: ReadonlyMap<string, string>): string {
  let at = key;
  for (let next = causeOf.get(at); next !== undefined; next = causeOf.get(at)) at = next;
  return at;
}
