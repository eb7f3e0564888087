import { gather, missing, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import type { DnsTrouble } from '../../source/diagnosis/facts/dns-troubles.js';
import type { FailingClient } from '../../source/diagnosis/facts/failing-clients.js';
import { failingRow, logRow } from '../../source/diagnosis/facts/rows.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** What speaks for and against a failing way to the resolver, each with its figure. */
export const evidenceOf = (history: History, trouble: DnsTrouble): WeightedEvidence[] =>
  gather(
    ...trouble.failing.slice(0, 3).map(lookups),
    alike(trouble),
    given(trouble),
    byAddress(trouble),
    ...trouble.logs.slice(0, 1).map((match) => supports(THRESHOLDS.logged, logRow(match, 'none'))),
    failingRow(history, THRESHOLDS.failingTarget),
  );

const nameOf = (client: string | null): string => client ?? 'this host';

function lookups(
  { client, names, views, runs, form }: FailingClient,
  place: number,
): WeightedEvidence | undefined {
  const [first] = names;
  const step = first?.sample.steps[0];
  if (!first || !step) return undefined;
  const said =
    form === 'silence' ? `no answer within ${duration(step.ms)}` : `${step.outcome} in ${duration(step.ms)}`;
  const { failedAnswer, failedAnswerBeside, noAnswer } = THRESHOLDS;
  return supports(place > 0 ? failedAnswerBeside : form === 'silence' ? noAnswer : failedAnswer, {
    signal: `dns.ok{${client === null ? '' : `${client}/`}${first.name}}`,
    reading: step.ms,
    value: `${nameOf(client)} asks ${views[0].resolver} for ${step.qname}: ${said}, ${plural(runs, 'run')} in a row`,
  });
}

function alike({ failing }: DnsTrouble): WeightedEvidence | undefined {
  const names = new Set(failing.flatMap((one) => one.names.map(({ name }) => name)));
  if (names.size < THRESHOLDS.everyNameAlike.value) return undefined;
  return supports(THRESHOLDS.everyNameAlike, {
    signal: 'dns.ok',
    reading: names.size,
    value: `${[...names].slice(0, 3).join(', ')}: all alike, ${plural(failing.length, 'client')}`,
  });
}

function given({ control }: DnsTrouble): WeightedEvidence {
  const name = control?.names.find(({ sample }) => sample.resolved);
  if (!control || !name)
    return missing('dns.ok', 'nobody else asks for the same name', 'what somebody else is told');
  return supports(THRESHOLDS.givenToOthers, {
    signal: `dns.ok{${name.name}}`,
    reading: name.sample.totalMs,
    value: `${nameOf(control.client)} is given ${name.name} in ${duration(name.sample.totalMs)} by ${control.resolver}`,
  });
}

function byAddress({ byAddress: [first] }: DnsTrouble): WeightedEvidence | undefined {
  if (!first) return undefined;
  const ms = first.cell.ms ?? 0;
  return supports(THRESHOLDS.byAddress, {
    signal: `matrix.ok{${first.cell.source}→${first.cell.target}}`,
    reading: ms,
    value: `${first.source} connects with ${first.target} at ${first.address} in ${duration(ms)}`,
  });
}
