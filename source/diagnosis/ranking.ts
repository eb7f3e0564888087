import type { Finding, FindingState, Severity } from '../store/finding.js';
import { type Causality, partOf, reachAll } from './causality.js';

const STATE_RANK: Readonly<Record<FindingState, number>> = { firing: 0, resolving: 1, pending: 2 };
const SEVERITY_RANK: Readonly<Record<Severity, number>> = { critical: 0, warning: 1, notice: 2 };

/**
 * Which of two findings stands above the other: named ones first, then the graver, then the more confident (by
 * tenths, so that two close ones do not change places at every tick), then the older, then by id.
 */
function compare(a: Finding, b: Finding): number {
  return (
    STATE_RANK[a.state] - STATE_RANK[b.state] ||
    SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity] ||
    Math.round(b.confidence * 10) - Math.round(a.confidence * 10) ||
    a.since - b.since ||
    (a.id < b.id ? -1 : 1)
  );
}

/**
 * Folds each finding below the one that causes it and puts causes first. `causality` gives, by id, the ids whose
 * symptoms a finding causes, and where: a symptom is folded only when its causes reach every place at which it shows.
 * A finding that is only pending explains no finding that is already named. Two that explain each other do not both
 * vanish: the one that ranks higher stays the cause.
 */
export function rank(
  findings: readonly Finding[],
  causality: ReadonlyMap<string, Causality>,
): readonly Finding[] {
  const ranked = [...findings].sort(compare);
  const causeOf = new Map<string, string>();
  // From the lowest upwards, so that in a circle it is the lowest that is folded.
  for (const finding of [...ranked].reverse()) {
    const symptom = causality.get(finding.id) ?? {};
    const causes = ranked.filter((other) => {
      const cause = causality.get(other.id);
      return (
        other.id !== finding.id &&
        cause !== undefined &&
        partOf(cause, finding.id, symptom) &&
        !(other.state === 'pending' && finding.state !== 'pending') &&
        rootOf(other.id, causeOf) !== finding.id
      );
    });
    const all = causes.flatMap(({ id }) => causality.get(id) ?? []);
    if (causes[0] && reachAll(all, symptom)) causeOf.set(finding.id, causes[0].id);
  }
  const withCause = ranked.map((finding): Finding => {
    const root = rootOf(finding.id, causeOf);
    return { ...finding, explainedBy: root === finding.id ? null : root };
  });
  const told = withoutContradiction(withCause);
  const roots = told.filter((finding) => finding.explainedBy === null);
  return roots.flatMap((root) => [root, ...told.filter((finding) => finding.explainedBy === root.id)]);
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
function rootOf(id: string, causeOf: ReadonlyMap<string, string>): string {
  let at = id;
  for (let next = causeOf.get(at); next !== undefined; next = causeOf.get(at)) at = next;
  return at;
}
