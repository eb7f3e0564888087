import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather } from '../../source/diagnosis/evidence.js';
import { aroundClients, aroundWorkloads, lookupsOf } from '../../source/diagnosis/facts/blast-radius.js';
import { connections } from '../../source/diagnosis/facts/connections.js';
import { cutFix, cutStory, cutTitle, neverLeaves } from '../../source/diagnosis/facts/cut-texts.js';
import { type Cut, cuts } from '../../source/diagnosis/facts/cuts.js';
import { later } from '../../source/diagnosis/facts/fixes.js';
import { leftBehindOn } from '../../source/diagnosis/facts/former-places.js';
import { lookupOf, reachedBy } from '../../source/diagnosis/facts/meanwhile.js';
import { readSince } from '../../source/diagnosis/facts/read-since.js';
import { processText, serviceOf, whoText } from '../../source/diagnosis/facts/services.js';
import { unansweredPeers } from '../../source/diagnosis/facts/unanswered.js';
import { type Unplugged, unplugged } from '../../source/diagnosis/facts/unplugged.js';
import type { Candidate, Rival } from '../../source/diagnosis/mode.js';
import { placeOf, workloadPlace } from '../../source/diagnosis/places.js';
import type { Fix } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { evidenceOf, unpluggedEvidence } from './evidence.js';
import { unreached } from './from-host.js';
import { THRESHOLDS } from './thresholds.js';

/** Nothing gets through between some ends, containers or this host and a server, while who is seen of them is well. */
export const mode = defineMode({
  id: 'partition',
  called: 'a partition',
  scope: 'workload',
  inputs: [['matrix', 'events', 'sockets', 'http']],
  forMs: 2000,
  keepMs: 6000,
  minSamples: 1,
  base: 0.4,
  thresholds: THRESHOLDS,
  explains: [
    ...['http-errors', 'service-hung', 'database-down', 'packet-loss', 'latency', 'dns-failure'],
    ...['name-missing', 'resolver-dead', 'retransmission'],
  ],
  rivals: ['database-down', 'name-missing', 'resolver-saturation'],
  detect(history) {
    const off = unplugged(history, THRESHOLDS);
    const apart = off.map(({ service }) => service.name);
    const cut = cuts(history, THRESHOLDS, apart);
    const told = [...apart, ...cut.flatMap(({ shared, targets }) => [shared, ...targets])];
    return [
      ...off.map((one) => offNetwork(history, one)),
      ...cut.map((one) => cutOff(history, one)),
      ...unansweredPeers(history, THRESHOLDS, told).map((one) => unreached(history, one)),
    ];
  },
  clears(history) {
    const all = connections(history);
    if (all.length === 0 || all.some(({ cell }) => cell.outcome !== 'connected')) return undefined;
    return `all of ${plural(all.length, 'connection')} that were tried between containers come about`;
  },
});

const LATER: readonly Fix[] = [
  later('deadlines on connecting (connect_timeout): a dropped SYN is waited for more than two minutes'),
  later('circuit breaker: answer at once while the other side is away', 'breaker'),
  later('watch the connectivity matrix, not only that each service runs'),
];

function cutOff(history: History, cut: Cut): Candidate {
  const from = whoText(history, cut.sources);
  const to = whoText(history, cut.targets);
  const radius = around(history, [cut.shared, ...cut.sources, ...cut.targets]);
  return {
    subject: { kind: 'workload', id: cut.shared },
    target: `${from} → ${to}`,
    raise: cut.sure,
    title: cutTitle(cut, from, to),
    severity: 'critical',
    evidence: evidenceOf(history, cut, radius),
    ruledOut: rivals(history, cut),
    fix: [cutFix(history, cut), ...LATER],
    explanation: cutStory(history, cut, from, to),
    since: cut.since,
    radius,
  };
}

/** Both ends of a cut suffer: their users, and their lookups where they have to pass it. */
const around = (history: History, ends: readonly string[]): string[] => [
  ...aroundClients(history, ends),
  ...lookupsOf(history, ends),
];

function rivals(history: History, cut: Cut): Rival[] {
  const { targets, sources, shared, connections: dead } = cut;
  const target = targets[0] ?? shared;
  const since = readSince(history, cut.since);
  const service = serviceOf(history, target);
  const runs = service?.state === 'running' ? `${target}: ${processText(service)}` : undefined;
  const well = gather(runs, reachedBy(since, targets, sources)).join('; ');
  const asked = lookupOf(since, sources);
  const unsent = neverLeaves(cut);
  const attempts = dead.length * Math.max(...dead.map(({ failed }) => failed));
  return gather<Rival>(
    well !== '' && { id: 'service-stopped', title: `${target} itself`, because: well },
    runs !== undefined && {
      id: 'service-hung',
      because: unsent ? 'nothing is sent to it' : 'not even its kernel answers them',
    },
    asked !== undefined && { id: 'dns-failure', because: asked },
    {
      id: 'packet-loss',
      because: unsent ? 'no packet leaves' : `not one of ${plural(attempts, 'attempt')} got through`,
    },
  );
}

function offNetwork(history: History, off: Unplugged): Candidate {
  const { service, network, at } = off;
  const { name } = service;
  const radius = [
    ...aroundWorkloads(history, [service]),
    ...lookupsOf(history, [name]),
    ...peersOn(history, network).map(workloadPlace),
    ...leftBehindOn(history, [network]).map(placeOf),
  ];
  return {
    subject: { kind: 'workload', id: name },
    target: `${name} ↔ network ${network}`,
    raise: true,
    title: `${name} disconnected from network ${network}`,
    severity: 'critical',
    base: THRESHOLDS.disconnectedScore.value,
    evidence: unpluggedEvidence(history, off, radius),
    ruledOut: [
      { id: 'service-stopped', title: `${name} itself`, because: `${name}: ${processText(service)}` },
      { id: 'packet-loss', because: 'it is not on the network at all' },
    ],
    fix: [
      {
        when: 'now',
        text: `put ${name} back on ${network}; its address may change`,
        command: `docker network connect ${network} ${name}`,
      },
      ...LATER.slice(0, 2),
    ],
    explanation: [
      `${name} runs, and was taken off ${network} ${duration(Math.max(0, history.now - at))} ago`,
      'who asks for its name there is told that it does not exist; who kept its address hears nothing',
    ],
    since: at,
    radius,
  };
}

/** The other containers of a network. */
const peersOn = (history: History, network: string): string[] =>
  (history.latest.services?.sample.services ?? [])
    .filter(({ container }) => container?.networks.some((one) => one.name === network))
    .map(({ name }) => name);
