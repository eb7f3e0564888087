import { failingRow, logRow } from '../../source/diagnosis/facts/common-rows.js';
import { gather, missing, supports, type WeightedEvidence } from '../../source/diagnosis/old-evidence.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import type { FailingAsker } from './failing-askers.js';
import type { Scene } from './scene.js';
import { THRESHOLDS } from './thresholds.js';

/** What speaks for and against a failing way to the resolver, each with its figure. */
export const evidenceOf = (history: History, scene: Scene): WeightedEvidence[] =>
  gather(
    ...scene.askers.slice(0, 3).map((one, i) => lookups(one, i === 0 ? 0.2 : 0.03)),
    alike(scene),
    control(scene),
    byAddress(scene),
    ...scene.logs.slice(0, 1).map((match) => supports(0.08, logRow(match, 'none', THRESHOLDS.logs))),
    failingRow(history, 0.04, 'Network Failure Scenarios document: names cannot be resolved', ' fail:'),
  );

const nameOf = (asker: string | null): string => asker ?? 'this host';

function lookups(
  { asker, names, views, runs, form }: FailingAsker,
  weight: number,
): WeightedEvidence | undefined {
  const first = names[0];
  const step = first?.sample.steps[0];
  if (!first || !step) return undefined;
  const said =
    form === 'silence' ? `no answer within ${duration(step.ms)}` : `${step.outcome} in ${duration(step.ms)}`;
  const signal = `dns.ok{${asker === null ? '' : `${asker}/`}${first.name}}`;
  const value = `${nameOf(asker)} asks ${views[0]?.resolver} for ${step.qname}: ${said}, ${plural(runs, 'run')} in a row`;
  const source = form === 'silence' ? THRESHOLDS.silence : THRESHOLDS.rcode;
  return supports(weight, { signal, value, threshold: 'an address', source });
}

function alike({ askers }: Scene): WeightedEvidence | undefined {
  const names = new Set(askers.flatMap((one) => one.names.map(({ name }) => name)));
  if (names.size < 2) return undefined;
  const value = `${[...names].slice(0, 3).join(', ')}: all alike, ${plural(askers.length, 'asker')}`;
  return supports(0.1, { signal: 'dns.ok', value, threshold: 'one name only', source: THRESHOLDS.alike });
}

function control({ control: view }: Scene): WeightedEvidence {
  const given = view?.names.find(({ sample }) => sample.resolved);
  if (!view || !given)
    return missing('dns.ok', 'nobody else asks for the same name', 'what somebody else is told');
  const value = `${nameOf(view.asker)} is given ${given.name} in ${duration(given.sample.totalMs)} by ${view.resolver}`;
  return supports(0.2, {
    signal: `dns.ok{${given.name}}`,
    value,
    threshold: 'an address',
    source: THRESHOLDS.control,
  });
}

function byAddress({ byAddress: ways }: Scene): WeightedEvidence | undefined {
  const first = ways[0];
  if (!first) return undefined;
  const value = `${first.source} connects with ${first.target} at ${first.address} in ${duration(first.cell.ms ?? 0)}`;
  return supports(0.08, {
    signal: `matrix.ok{${first.cell.source}→${first.cell.target}}`,
    value,
    threshold: 'it connects',
    source: THRESHOLDS.address,
  });
}
