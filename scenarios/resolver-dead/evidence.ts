import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/evidence.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { failingRow, logRow } from '../../source/diagnosis/facts/rows.js';
import { isFrozen, isGone, processText } from '../../source/diagnosis/facts/services.js';
import type { Silence } from '../../source/diagnosis/facts/silences.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** What speaks for and against a dead resolver, each with its figure. */
export const evidenceOf = (history: History, silence: Silence): WeightedEvidence[] =>
  gather(
    lookups(silence),
    running(silence),
    failingRow(history, THRESHOLDS.failingTarget, ':'),
    ...logged(history, 'name-resolution-temporary')
      .slice(0, 1)
      .map((match) => supports(THRESHOLDS.logged, logRow(match, 'none'))),
  );

function lookups({ view, refused, silentMs }: Silence): WeightedEvidence | undefined {
  const [first] = view.names;
  if (!first) return undefined;
  const { refusedRuns, silence, silenceSoFar } = THRESHOLDS;
  const signal = `dns.ok{${first.name}}`;
  if (refused)
    return supports(refusedRuns, {
      signal,
      reading: first.failed,
      value: `${first.name}: refused by ICMP, ${plural(first.failed, 'run')} in a row`,
    });
  return supports(silentMs >= silence.value ? silence : silenceSoFar, {
    signal,
    reading: silentMs,
    value: `${first.name}: no answer for ${duration(silentMs)}, no late one either`,
    threshold: duration(silence.value),
  });
}

function running({ view, service }: Silence): WeightedEvidence {
  if (!service)
    return missing(
      'service.up',
      `no process seen behind ${view.resolver}`,
      'whether the resolver process runs',
    );
  const row = { signal: `service.up{${service.name}}`, value: processText(service) };
  return (isGone(service) || isFrozen(service) ? supports : refutes)(THRESHOLDS.running, row);
}
