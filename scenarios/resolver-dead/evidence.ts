import { failingRow, logRow } from '../../source/diagnosis/facts/common-rows.js';
import { answered } from '../../source/diagnosis/facts/dns.js';
import { logged } from '../../source/diagnosis/facts/logs.js';
import { isFrozen, isGone, processText } from '../../source/diagnosis/facts/services.js';
import {
  gather,
  missing,
  refutes,
  supports,
  type WeightedEvidence,
} from '../../source/diagnosis/old-evidence.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { type Silence, THRESHOLDS } from './silence.js';

/** What speaks for and against a dead resolver, each with its figure. */
export function evidenceOf(history: History, silence: Silence): WeightedEvidence[] {
  return gather(lookups(silence), process(silence), http(history), logs(history));
}

function lookups({ view, mute, refused, silentMs }: Silence): WeightedEvidence | undefined {
  const first = view.names[0];
  if (!first) return undefined;
  const signal = `dns.ok{${first.name}}`;
  const runs = plural(first.failed, 'run');
  if (!mute) {
    const step = first.sample.steps.find((one) => answered(one.outcome));
    const value = step ? `${step.outcome} in ${duration(step.ms)}` : 'late answers still come';
    return refutes(0.4, { signal, value, threshold: 'no answer at all', source: THRESHOLDS.silence.source });
  }
  if (refused) {
    const value = `${first.name}: refused by ICMP, ${runs} in a row`;
    const threshold = `${THRESHOLDS.refusals.value} runs`;
    return supports(0.35, { signal, value, threshold, source: THRESHOLDS.refusals.source });
  }
  const value = `${first.name}: no answer for ${duration(silentMs)}, no late one either`;
  const { value: limit, source } = THRESHOLDS.silence;
  return supports(silentMs >= limit ? 0.3 : 0.15, { signal, value, threshold: duration(limit), source });
}

function process({ view, service }: Silence): WeightedEvidence {
  if (!service)
    return missing(
      'service.up',
      `no process seen behind ${view.resolver}`,
      'whether the resolver process runs',
    );
  const row = {
    signal: `service.up{${service.name}}`,
    value: processText(service),
    threshold: 'running',
    source: THRESHOLDS.process,
  };
  return isGone(service) || isFrozen(service) ? supports(0.2, row) : refutes(0.05, row);
}

function http(history: History): WeightedEvidence | undefined {
  return failingRow(
    history,
    0.05,
    'Container Networking Exhaustion document: HTTP 000 while the process runs',
    ':',
  );
}

function logs(history: History): WeightedEvidence | undefined {
  const match = logged(history, 'name-resolution-temporary')[0];
  if (!match) return undefined;
  const source = 'EAI_AGAIN, ETIMEOUT and ECONNREFUSED mean no answer; NXDOMAIN would be ENOTFOUND';
  return supports(0.04, logRow(match, 'none', source));
}
