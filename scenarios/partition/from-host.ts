import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { splitAddress } from '../../source/diagnosis/facts/addresses.js';
import { outsideContainers } from '../../source/diagnosis/facts/blast-radius.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { names } from '../../source/diagnosis/facts/http.js';
import { whoText } from '../../source/diagnosis/facts/services.js';
import type { Unanswered } from '../../source/diagnosis/facts/unanswered.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { HOST_PLACE, placeOf, placeOfSubject } from '../../source/diagnosis/places.js';
import type { Subject } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/** A server that this host cannot reach, as the connections of its processes and our own tries show it. */
export function unreached(history: History, one: Unanswered): Candidate {
  const { address, peer, owners, waiting, tried, since, answersAt } = one;
  const who = owners.length > 0 ? whoText(history, owners) : 'this host';
  const subject: Subject = { kind: 'connection', id: `this host → ${address}` };
  const noWay = tried.length > 0 && tried.every(({ sample }) => sample.failure?.kind === 'unreachable');
  // A router that knows no way, and a peer that is off the wire, would be so at every port.
  const rejected = one.rejected || (noWay && answersAt !== null);
  const own = tried.map((view) => placeOf(view.address));
  const { host, port } = splitAddress(address);
  return {
    subject,
    target: `${who} → ${peer}`,
    raise: true,
    title: titleOf(one, who, { noWay, rejected }),
    severity: tried.length > 0 || waiting >= THRESHOLDS.manyWait.value ? 'critical' : 'warning',
    evidence: evidenceOf(one),
    ruledOut: rejected
      ? [
          {
            id: 'service-stopped',
            title: `${peer} itself`,
            because: one.rejected
              ? 'somebody listens there'
              : 'who only stopped listening refuses, and is no matter of the way',
          },
        ]
      : noWay
        ? []
        : [
            {
              id: 'service-stopped',
              title: `${peer} itself`,
              because: 'who only stopped listening refuses at once',
            },
            { id: 'packet-loss', because: 'not one attempt got through' },
          ],
    fix: [
      now(
        rejected
          ? 'find the rule that rejects them: here, there, or on the way'
          : 'find what drops them: a rule or a route here, a rule there or on the way, or an address that nobody has any more',
        `ip route get ${host}; ip neigh show ${host}; nft list ruleset; iptables -S; tracepath -n ${host}`,
      ),
      later('deadlines on connecting (connect_timeout): a dropped SYN is waited for more than two minutes'),
    ],
    explanation: gather(
      noWay || rejected
        ? tried[0]?.sample.failure?.text
        : `${who} asks for a connection at ${address} and hears nothing: not refused, not slow`,
      answersAt === null
        ? undefined
        : `the same peer answers at port ${answersAt}: what goes to port ${port} is ${rejected ? 'rejected' : 'dropped, or its listener is full'}`,
    ),
    since,
    radius: [
      placeOfSubject(subject),
      placeOf(address),
      ...own,
      HOST_PLACE,
      ...(waiting > 0 ? outsideContainers(history) : []),
    ],
  };
}

function titleOf(
  one: Unanswered,
  who: string,
  { noWay, rejected }: { readonly noWay: boolean; readonly rejected: boolean },
): string {
  const { peer } = one;
  const well = one.rejected ? 'which listens' : `which answers at port ${one.answersAt}`;
  if (rejected) return `Partition: a firewall rejects what ${who} sends to ${peer}, ${well}`;
  return noWay
    ? `Partition: no way leads from ${who} to ${peer}`
    : `Partition: ${who} cannot reach ${peer}, nothing answers what is sent there`;
}

function evidenceOf({ address, waiting, retries, stalled, tried }: Unanswered): WeightedEvidence[] {
  const { unansweredSyn, unanswered, noWay, stalledData } = THRESHOLDS;
  const label = `{host→${address}}`;
  const failure = tried[0]?.sample.failure ?? undefined;
  return gather(
    waiting > 0 &&
      supports(unansweredSyn, {
        signal: `edge.synSent${label}`,
        reading: retries,
        value: `${plural(waiting, 'connection')} to ${address} without an answer, SYN sent again up to ${plural(retries, 'time')}`,
      }),
    failure &&
      supports(failure.kind === 'unreachable' ? noWay : unanswered, {
        signal: `http.ok{${tried[0]?.target}}`,
        reading: tried[0]?.sample.totalMs,
        value: `${names(tried)}: ${failure.text}`,
      }),
    stalled > 0 &&
      supports(stalledData, {
        signal: `edge.synSent${label}`,
        reading: stalled,
        value: `${plural(stalled, 'established connection')} to it get no acknowledgement any more`,
      }),
  );
}
