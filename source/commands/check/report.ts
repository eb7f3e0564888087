import type { Evidence, Finding } from '../../store/finding.js';
import type { Latest } from '../../store/history.js';
import type { ReviewAnswer } from '../../store/review.js';
import type { Risk } from '../../store/risk.js';
import { signsOf } from '../../store/signs/signs.js';
import { unjudged, unreadProbes } from '../../store/unread.js';
import { clock, listed, plural } from '../../terminal/format.js';
import { sanitise } from '../../terminal/sanitise.js';
import { activeRows, alertJson } from '../text/alerts.js';
import { findingsText } from '../text/findings.js';
import { blindRows, failedRuleText, missingRows } from '../text/missing.js';
import { risksText } from '../text/risks.js';
import { signalRows } from '../text/signals.js';
import { section, table } from '../text/table.js';
import { alertsOf } from './alerts.js';
import { type Asked, type AskedFor, tooShortFor } from './asked.js';
import type { CheckReport } from './watch.js';

/** Changes when a field changes its meaning or goes; a new field does not change it. */
export const CHECK_SCHEMA = 'faultline/check/1';

/** Targets that are told one by one. */
const MOST_ROWS = 20;

/** What a report leaves out. */
export interface ReportOptions {
  readonly noRisks?: boolean;
}

/** The report as a person reads it: findings first, then what was measured, what could not be, and latent risks. */
export function toText(report: CheckReport, { noRisks = false }: ReportOptions = {}): string {
  const { host, state } = report;
  return [
    `Faultline check of ${sanitise(host.hostname, 80)} at ${clock(host.at)}, watched for ${(host.watchedMs / 1000).toFixed(0)} s`,
    '',
    findingsText(state.findings, verdictWithout(report), state.reviews),
    ...section(failingHeading(report), bounded(report.asked.failing, report.asked)),
    ...section('Alerts', lines(activeRows(state.alertRules))),
    ...section('Signals', lines(signalRows(state))),
    ...section('Asked for, and nothing is known of it', bounded(report.asked.unread, report.asked)),
    ...section('Could not be read', lines(missingRows(Object.values(state.probes), report.capabilities))),
    ...section('Rules that failed, and judge nothing', state.failedRules.map(failedRuleText)),
    ...section('Cannot be judged here', lines(blindRows(state.blindModes))),
    ...(noRisks ? [] : risksText(state.risks)),
  ].join('\n');
}

/** The verdict where no finding has one: all is well only where nothing failed and nothing was left out. */
function verdictWithout({ host, asked, state }: CheckReport): string | undefined {
  const { failing, unread, count } = asked;
  const watched = `${(host.watchedMs / 1000).toFixed(0)} s`;
  if (failing.length > 0)
    return `${failing.length} of ${plural(count, 'target')} ${failing.length === 1 ? 'fails' : 'fail'}, and its cause did not show in ${watched}: watch longer.`;
  if (unread.length > 0)
    return `Nothing is wrong with what was seen, but ${unread.length} that ${unread.length === 1 ? 'was' : 'were'} asked for could not be judged.`;
  const { now, series, latest } = state;
  const signs = signsOf({ now, latest, newest: (signal) => series.get(signal)?.fromEnd(0)?.value });
  if (signs.length > 0) {
    const texts = signs.map(({ text }) => sanitise(text, 160));
    return `Something is wrong, and no failure mode is named for it yet: ${listed(texts)}. Watch longer.`;
  }
  const short = tooShortFor(state, host.watchedMs);
  if (short !== undefined) return short;
  const lacking = unjudged(state).length;
  return lacking > 0
    ? `All that could be read is well; ${plural(lacking, 'source')} could not be read.`
    : undefined;
}

const failingHeading = ({ asked: { failing, count } }: CheckReport): string =>
  `Given, and failing: ${failing.length} of ${count}`;

/** The first of them in rows, and how many more there are. */
function bounded(all: readonly AskedFor[], { count }: Asked): string[] {
  const rows = lines(
    all.slice(0, MOST_ROWS).map(({ target, reason }) => [sanitise(target, 120), sanitise(reason)]),
  );
  return all.length > MOST_ROWS
    ? [...rows, `and ${all.length - MOST_ROWS} more, ${all.length} of ${count} in all (--json has each)`]
    : rows;
}

function lines(rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : table(rows).split('\n');
}

/** The report as `check --json` prints it. */
export function toJson(report: CheckReport, { noRisks = false }: ReportOptions = {}) {
  const { host, state } = report;
  return {
    schema: CHECK_SCHEMA,
    host: { ...host, at: new Date(host.at).toISOString(), watchedMs: Math.round(host.watchedMs) },
    capabilities: report.capabilities,
    signals: signalsOf(report),
    unread: unreadSources(state),
    findings: state.findings
      .filter((finding) => finding.state !== 'pending')
      .map((one) => findingJson(one, state.reviews[one.key])),
    ...(noRisks ? {} : { risks: { count: state.risks.length, list: state.risks.map(riskJson) } }),
    alerts: alertsOf(state.findings, host.hostname),
    alertRules: state.alertRules.map(alertJson),
    rules: { failed: state.failedRules, notJudged: state.blindModes },
    asked: report.asked,
  };
}

/** Sources that gave no figure when last asked, and errors that nothing caught; what nobody asked for is not missing. */
function unreadSources(state: CheckReport['state']) {
  return unreadProbes(Object.values(state.probes)).map(({ id, title, kind, reason, mend }) => ({
    ...{ id, title, kind, reason, mend },
  }));
}

/**
 * Newest value of each signal, null being a figure that could not be read; in full the services of a swarm, who
 * reaches whom, and by container its network and its lookups.
 */
function signalsOf({ state }: CheckReport) {
  const { swarm, matrix, inside, lookups } = state.latest;
  return {
    ...figuresOf(state),
    ...(swarm ? { swarm: inFull(swarm) } : {}),
    ...(matrix ? { matrix: inFull(matrix) } : {}),
    ...(inside ? { inside: byContainer(inside) } : {}),
    ...(lookups ? { lookups: byContainer(lookups) } : {}),
  };
}

function inFull<Sample extends object>({ at, stale, sample }: Latest<Sample>) {
  return { at: new Date(at).toISOString(), stale, ...sample };
}

function byContainer<Sample extends object>(all: Readonly<Record<string, Latest<Sample>>>) {
  return Object.fromEntries(Object.entries(all).map(([name, latest]) => [name, inFull(latest)]));
}

function figuresOf(state: CheckReport['state']): Record<string, { value: number | null; at: string }> {
  return Object.fromEntries(
    state.series
      .names()
      .sort()
      .flatMap((name) => {
        const point = state.series.get(name)?.fromEnd(0);
        if (!point) return [];
        const value = Number.isFinite(point.value) ? point.value : null;
        return [[name, { value, at: new Date(point.at).toISOString() }]];
      }),
  );
}

function findingJson(finding: Finding, review: readonly ReviewAnswer[] = []) {
  const { key, id, subject, title, severity, verdict, score, confidence, target, explainedBy } = finding;
  return {
    key,
    id,
    subject,
    title,
    severity,
    verdict,
    score,
    confidence,
    target,
    explainedBy,
    evidence: finding.evidence.map(evidenceJson),
    ruledOut: finding.ruledOut.map((rival) => ({ id: rival.id, because: rival.because })),
    fix: finding.fix,
    review,
  };
}

function evidenceJson({ at, verdict: _, ...row }: Evidence) {
  return { ...row, at: at === null ? null : new Date(at).toISOString() };
}

function riskJson({ key, id, subject, title, evidence, fix }: Risk) {
  return { key, id, subject, title, severity: 'notice', evidence: evidence.map(evidenceJson), fix };
}
