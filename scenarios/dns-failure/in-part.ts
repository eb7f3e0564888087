import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { hostOf } from '../../source/diagnosis/facts/addresses.js';
import { aroundResolver, resolverSubject } from '../../source/diagnosis/facts/blast-radius.js';
import { failingForNames } from '../../source/diagnosis/facts/failing-askers.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import type { HalfAnswer } from '../../source/diagnosis/facts/half-answers.js';
import { askersOf } from '../../source/diagnosis/facts/resolver-clients.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import { namePlace } from '../../source/diagnosis/places.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** A resolver that is alive and leaves one kind of question without an answer. */
export function inPart(history: History, half: HalfAnswer): Candidate {
  const { view, names, runs, since } = half;
  const suffering = failingForNames(history, askersOf(history, view));
  const unmissed = half.form !== 'family' && names.every(({ sample }) => sample.learnt === true);
  return {
    subject: resolverSubject(view),
    target: `${view.client ?? 'this host'} → resolver ${view.resolver}`,
    raise: runs >= THRESHOLDS.runsInPart.value,
    samples: runs,
    title: titleOf(half),
    severity: suffering.length > 0 ? 'critical' : unmissed ? 'notice' : 'warning',
    evidence: gather(lookups(half), given(half), failingRow(suffering, THRESHOLDS.failingTarget)),
    ruledOut: rivals(half),
    fix: fixes(half),
    explanation: explanation(half),
    since,
    radius: [...aroundResolver(history, view), ...names.map(({ name }) => namePlace(name))],
  };
}

function titleOf(half: HalfAnswer): string {
  const { view, form, lost, given, names } = half;
  const host = hostOf(view.resolver);
  if (form === 'family')
    return `${lost.qtype} queries to ${host} are not answered; ${given?.qtype ?? 'others'} are`;
  const which = names.length === 1 ? names[0].name : `${names[0].name} and ${names.length - 1} more`;
  return form === 'long'
    ? `The answer of ${host} for ${which} does not fit into UDP, and ${overTcp(half)}`
    : `${host} does not answer for ${which}, while it answers for other names`;
}

const overTcp = ({ lost }: HalfAnswer): string =>
  lost.outcome === 'refused'
    ? 'its TCP port 53 is refused'
    : lost.outcome === 'unreachable'
      ? 'no way leads to its TCP port 53'
      : 'its TCP port 53 does not answer';

function lookups({ view, form, lost, names, runs }: HalfAnswer): WeightedEvidence {
  const [{ name }] = names;
  const said =
    form === 'long'
      ? `cut short over UDP (TC), over TCP ${lost.outcome === 'timeout' ? 'no answer' : lost.outcome}`
      : `no answer within ${duration(lost.ms)}`;
  return supports(THRESHOLDS.unansweredPart, {
    signal: `dns.half{${view.client === null ? '' : `${view.client}/`}${name}}`,
    reading: runs,
    value: `${lost.qname} ${lost.qtype}: ${said}, ${plural(runs, 'run')} in a row`,
  });
}

const givenText = ({ given }: HalfAnswer): string | undefined =>
  given && `${given.qname} ${given.qtype}: ${given.outcome} in ${duration(given.ms)}`;

function given(half: HalfAnswer): WeightedEvidence | undefined {
  const text = givenText(half);
  return text === undefined
    ? undefined
    : supports(THRESHOLDS.answeredPart, { signal: 'dns.ok', reading: half.given?.ms, value: text });
}

function rivals(half: HalfAnswer): Rival[] {
  const text = givenText(half);
  const cut = half.form === 'long' ? 'it answers over UDP, in part' : undefined;
  const because = text ?? cut;
  return because === undefined
    ? []
    : [
        { id: 'resolver-dead', because },
        { id: 'resolver-saturation', because: `${because}, and nothing comes late` },
      ];
}

function explanation({ form, lost, given, view }: HalfAnswer): string[] {
  const waits = 'glibc waits 5 s for each try before it asks again (resolv.conf(5), timeout)';
  if (form === 'family')
    return [
      given && given.addresses.length > 0
        ? `every lookup that asks for both waits in vain, though the address is known in ${duration(given.ms)}: ${waits}`
        : `no program is given an address: the one family is not answered, and the other has none (${given?.outcome ?? 'no answer'})`,
    ];
  if (form === 'long')
    return [
      `an answer of more than 512 bytes is asked for again over TCP (RFC 1035 4.2.1): nobody is given ${lost.qname}`,
    ];
  return [
    `${hostOf(view.resolver)} is alive. Either whom it asks for this name is silent, or a long answer is dropped on its way (a filter above 512 bytes, fragments)`,
  ];
}

function fixes({ view, form, lost }: HalfAnswer): Fix[] {
  const dig = `dig +tries=1 +time=5 @${hostOf(view.resolver)} ${lost.qname}`;
  if (form === 'family')
    return [
      now(
        `see who drops ${lost.qtype} queries: the server, or a filter on the way to it`,
        `${dig} ${lost.qtype}; ${dig} ${lost.qtype === 'A' ? 'AAAA' : 'A'}; nft list ruleset; iptables -S`,
      ),
      ...(lost.qtype === 'AAAA'
        ? [now('until then: options no-aaaa in resolv.conf (glibc 2.36 and later), where nobody needs IPv6')]
        : []),
      later('options timeout:1 attempts:2 in resolv.conf; the default waits 5 s'),
    ];
  if (form === 'long')
    return [
      now(
        'let TCP port 53 through to it, or have it listen there: DNS needs both (RFC 7766)',
        `${dig} +tcp; ss -ltn 'sport = :53'; nft list ruleset; iptables -S`,
      ),
      later('answers of fewer records for this name, so that they fit into 512 bytes'),
    ];
  return [
    now(
      'ask it for the name in three ways: what comes over TCP or short, and not otherwise, is dropped on its way',
      `${dig}; ${dig} +tcp; ${dig} +noedns`,
    ),
    later('where it hands this name on to another server: a second one of those'),
  ];
}
