import { failingRow, logRow } from '../../source/diagnosis/facts/common-rows.js';
import type { NameView } from '../../source/diagnosis/facts/dns.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/old-evidence.js';
import type { DnsOutcome } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';

/** Every figure this failure mode is judged by. */
export const THRESHOLDS = {
  /** Runs in a row that must say so: a zone is swapped within one. */
  runs: { value: 2, source: 'RFC 1035 4.1.1: RCODE 3, the name does not exist; RFC 2308: NODATA' },
  /** A resolver that says no at once is healthy (ms). */
  fast: { value: 1000, source: 'awesome-prometheus-alerts: a probe slower than 1 s' },
  valid: "Coroot DnsNxdomainErrors: 'for previously valid requests'",
} as const;

/** What says that a name does not exist, as against that nobody knows. */
export const NEGATIVE: readonly DnsOutcome[] = ['NXDOMAIN', 'NODATA'];

/** What speaks for and against a missing name, each with its figure. */
export const evidenceOf = (history: History, view: NameView, resolver: string): WeightedEvidence[] =>
  gather(answer(view, resolver), wasValid(history, view), http(history), logs(history));

function answer({ sample, name, failed }: NameView, resolver: string): WeightedEvidence | undefined {
  const said = sample.steps.find((step) => NEGATIVE.includes(step.outcome));
  const late = sample.late.find((step) => NEGATIVE.includes(step.outcome));
  const step = said ?? late;
  if (!step) return undefined;
  const value = `${step.qname} ${step.qtype}: ${step.outcome} in ${duration(step.ms)} from ${resolver}, ${plural(failed, 'run')} in a row`;
  const row = { signal: `dns.ok{${name}}`, value, threshold: 'an address', source: THRESHOLDS.runs.source };
  return supports(said && said.ms < THRESHOLDS.fast.value ? 0.3 : 0.15, row);
}

function wasValid(history: History, view: NameView): WeightedEvidence | undefined {
  const good = view.ok.findLast((point) => point.value === 1);
  if (!good)
    return missing(
      `dns.ok{${view.name}}`,
      'it never resolved while watched',
      'that the name was valid before',
    );
  const value = `it resolved ${duration(history.now - good.at)} ago`;
  return supports(0.15, {
    signal: `dns.ok{${view.name}}`,
    value,
    threshold: 'valid before',
    source: THRESHOLDS.valid,
  });
}

function http(history: History): WeightedEvidence | undefined {
  return failingRow(history, 0.05, 'Container Networking Exhaustion document: error rate above 95 %', ':');
}

function logs(history: History): WeightedEvidence | undefined {
  const gone = logged(history, 'name-resolution-missing')[0];
  const temporary = logged(history, 'name-resolution-temporary')[0];
  const match = gone ?? temporary;
  if (!match) return undefined;
  const source = 'getaddrinfo(3): EAI_NONAME, ENOTFOUND; EAI_AGAIN would be a resolver that does not answer';
  const row = logRow(match, 'none', source);
  return gone ? supports(0.08, row) : refutes(0.05, row);
}
