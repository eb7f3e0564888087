import { type Finding, modeOf } from '../../store/finding.js';

/** One alert in the shape of Prometheus' `GET /api/v1/alerts`. */
export interface Alert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly state: 'pending' | 'firing';
  readonly activeAt: string;
  /** A number as text, as Prometheus writes it; here the confidence. */
  readonly value: string;
}

/**
 * Findings as alerts. Prometheus has no state for a condition that is gone but kept (`keep_firing_for`): such an alert
 * is still firing there, and so it is here. Effects carry their cause in the label `explained_by`.
 */
export function alertsOf(findings: readonly Finding[], instance: string): readonly Alert[] {
  return findings.map((finding) => ({
    labels: {
      alertname: finding.id,
      severity: finding.severity,
      instance,
      target: finding.target,
      ...(finding.explainedBy === null ? {} : { explained_by: modeOf(finding.explainedBy) }),
    },
    annotations: {
      summary: finding.title,
      description: finding.explanation.join(' '),
      fix: finding.fix.find((fix) => fix.when === 'now')?.text ?? '',
    },
    state: finding.state === 'pending' ? 'pending' : 'firing',
    activeAt: new Date(finding.since).toISOString(),
    value: finding.confidence.toExponential(),
  }));
}
