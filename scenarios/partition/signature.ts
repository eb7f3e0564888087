import { failingRow } from '../../source/diagnosis/facts/common-rows.js';
import { packetsFix } from '../../source/diagnosis/facts/packets-fix.js';
import { ruledOut } from '../../source/diagnosis/facts/rivals.js';
import { processText, serviceOf, whoText } from '../../source/diagnosis/facts/services.js';
import { ways } from '../../source/diagnosis/facts/ways.js';
import { nothingSeen } from '../../source/diagnosis/nothing-seen.js';
import { gather, supports } from '../../source/diagnosis/old-evidence.js';
import { workloadPlace } from '../../source/diagnosis/places.js';
import type { Assessment, Signature } from '../../source/diagnosis/signature.js';
import type { Fix, RuledOut } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { type Cut, cutOf, lookupOf, reachedBy } from './cut.js';
import { evidenceOf } from './evidence.js';
import { THRESHOLDS } from './thresholds.js';
import { type Unplugged, unplugged } from './unplugged.js';

/** Nothing gets through between some containers, while both ends are well and others still reach them. */
export const signature: Signature = {
  id: 'partition',
  forMs: 2000,
  keepMs: 6000,
  explains: [
    'http-errors',
    'service-hung',
    'database-down',
    'packet-loss',
    'latency',
    'dns-failure',
    'name-missing',
    'resolver-dead',
    'retransmission',
  ],
  assess,
};

function assess(history: History): Assessment | undefined {
  const off = unplugged(history);
  if (off) return offNetwork(history, off);
  const cut = cutOf(history);
  if (cut) return cutOff(history, cut);
  return ways(history).length === 0 ? undefined : NOTHING;
}

const NOTHING = nothingSeen({
  target: 'connections between containers',
  clear: true,
  title: 'Containers could not reach each other',
  severity: 'critical',
  base: 0.3,
});

const LATER: readonly Fix[] = [
  {
    when: 'later',
    text: 'deadlines on connecting (connect_timeout): a dropped SYN is waited for more than two minutes',
  },
  {
    when: 'later',
    text: 'circuit breaker: answer at once while the other side is away',
    action: { name: 'harden', argument: 'breaker' },
  },
  { when: 'later', text: 'watch the connectivity matrix, not only that each service runs' },
];

function cutOff(history: History, cut: Cut): Assessment {
  const from = whoText(history, cut.sources);
  const to = whoText(history, cut.targets);
  return {
    target: `${from} → ${to}`,
    raise: cut.sure,
    clear: false,
    title:
      cut.heard > 0
        ? `${to} hears ${from}, but its answers get lost: the way back is cut`
        : `${from} cannot reach ${to}: packets between them are dropped`,
    severity: 'critical',
    base: 0.4,
    evidence: evidenceOf(history, cut),
    ruledOut: rivals(history, cut),
    fix: [packetsFix(history, cut.shared, 'drops'), ...LATER],
    story: story(history, cut, from, to),
    since: cut.since,
    reach: { seenAt: [workloadPlace(cut.shared)] },
  };
}

function rivals(history: History, cut: Cut): RuledOut[] {
  const own: RuledOut[] = [];
  const target = cut.targets[0] ?? cut.shared;
  const service = serviceOf(history, target);
  const reached = reachedBy(history, cut);
  if (service?.state === 'running') {
    own.push({
      id: 'service-stopped',
      title: 'a stopped service',
      because: `${target}: ${processText(service)}`,
    });
    own.push({ id: 'service-hung', title: 'a frozen service', because: 'not even its kernel answers them' });
  }
  if (reached) own.push({ id: 'database-down', title: `${target} itself`, because: reached });
  const asked = lookupOf(history, cut.sources);
  if (asked) own.push({ id: 'dns-failure', title: 'DNS', because: asked });
  const attempts = Math.max(...cut.ways.map(({ failed }) => failed));
  own.push({
    id: 'packet-loss',
    title: 'lost packets',
    because: `not one of ${plural(cut.ways.length * attempts, 'attempt')} got through`,
  });
  const known = new Set(own.map(({ id }) => id));
  return [...own, ...ruledOut(history, ['name-missing', 'traffic-spike']).filter(({ id }) => !known.has(id))];
}

function story(history: History, cut: Cut, from: string, to: string): string[] {
  const ms = Math.max(...cut.ways.map(({ cell }) => cell.ms ?? 0));
  const lines = [`${from} knocks at ${to} and hears nothing for ${duration(ms)}: not refused, not slow`];
  lines.push(directionText(cut, to));
  const reached = reachedBy(history, cut);
  if (reached) lines.push(`at the same time ${reached}`);
  return lines;
}

/** Which way is cut, told by who holds half-open connections: he heard a SYN and was not heard. */
function directionText({ heard, heardBack }: Cut, to: string): string {
  if (heard > 0)
    return `${to} holds ${plural(heard, 'half-open connection')} from there: one way works, the way back does not`;
  return heardBack > 0
    ? `what ${to} sends arrives, what is sent to it does not: one way is cut`
    : `${to} has no half-open connection from there: nothing arrives`;
}

function offNetwork(history: History, { service, network, at, left }: Unplugged): Assessment {
  const still = left.length > 0 ? `still on ${left.slice(0, 3).join(', ')}` : 'on no network now';
  return {
    target: `${service.name} ↔ network ${network}`,
    raise: true,
    clear: false,
    title: `${service.name} was taken off network ${network}`,
    severity: 'critical',
    base: 0.55,
    evidence: gather(
      supports(0.25, {
        signal: 'events.disconnect',
        value: `${duration(Math.max(0, history.now - at))} ago, ${still}`,
        threshold: `network ${network}`,
        source: THRESHOLDS.network,
      }),
      supports(0.1, {
        signal: `service.up{${service.name}}`,
        value: processText(service),
        threshold: 'running',
        source: 'the engine, and proc(5)',
      }),
      failingRow(history, 0.05, 'Network Failure Scenarios document: services cannot communicate', ' fail:'),
    ),
    ruledOut: [
      {
        id: 'service-stopped',
        title: 'a stopped service',
        because: `${service.name}: ${processText(service)}`,
      },
      { id: 'packet-loss', title: 'lost packets', because: 'it is not on the network at all' },
    ],
    fix: [
      {
        when: 'now',
        text: `put ${service.name} back on ${network}; its address may change`,
        command: `docker network connect ${network} ${service.name}`,
      },
      ...LATER.slice(0, 2),
    ],
    story: [
      `${service.name} runs, and was taken off ${network} ${duration(Math.max(0, history.now - at))} ago`,
      'who asks for its name there is told that it does not exist; who kept its address hears nothing',
    ],
    since: at,
    reach: { seenAt: [workloadPlace(service.name)] },
  };
}
