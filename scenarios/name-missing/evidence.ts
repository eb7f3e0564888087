import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/evidence.js';
import { DENIALS, type DeniedName, denialOf } from '../../source/diagnosis/facts/denied-names.js';
import type { NameView } from '../../source/diagnosis/facts/dns.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { failingRow, logRow } from '../../source/diagnosis/facts/rows.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** What speaks for and against a missing name, each with its figure. */
export const evidenceOf = (history: History, denied: DeniedName): WeightedEvidence[] =>
  gather(
    answer(denied),
    wasValid(history, denied.view),
    failingRow(history, THRESHOLDS.failingTarget, ':'),
    logs(history),
  );

function answer({ view, resolver }: DeniedName): WeightedEvidence | undefined {
  const { sample, name, failed } = view;
  const said = denialOf(view);
  const step = said ?? sample.late.find(({ outcome }) => DENIALS.includes(outcome));
  if (!step) return undefined;
  const { quickDenial, lateDenial, healthyResolver } = THRESHOLDS;
  return supports(said && said.ms < healthyResolver.value ? quickDenial : lateDenial, {
    signal: `dns.ok{${name}}`,
    reading: step.ms,
    value: `${step.qname} ${step.qtype}: ${step.outcome} in ${duration(step.ms)} from ${resolver}, ${plural(failed, 'run')} in a row`,
  });
}

function wasValid(history: History, { name, ok }: NameView): WeightedEvidence {
  const signal = `dns.ok{${name}}`;
  const good = ok.findLast((point) => point.value === 1);
  if (!good) return missing(signal, 'it never resolved while watched', 'that the name was valid before');
  const ms = history.now - good.at;
  return supports(THRESHOLDS.validBefore, {
    signal,
    reading: ms,
    value: `it resolved ${duration(ms)} ago`,
  });
}

function logs(history: History): WeightedEvidence | undefined {
  const [gone] = logged(history, 'name-resolution-missing');
  const [temporary] = logged(history, 'name-resolution-temporary');
  if (gone) return supports(THRESHOLDS.logged, logRow(gone, 'none'));
  return temporary && refutes(THRESHOLDS.logged, logRow(temporary, 'none'));
}
