import { defineMode } from '../../source/diagnosis/define-mode.js';
import { supports } from '../../source/diagnosis/evidence.js';
import { splitAddress } from '../../source/diagnosis/facts/addresses.js';
import { linkedWith, placesOfWorkload, resolverSubject } from '../../source/diagnosis/facts/blast-radius.js';
import { resolvers } from '../../source/diagnosis/facts/dns.js';
import { edges } from '../../source/diagnosis/facts/edges.js';
import { askCommand } from '../../source/diagnosis/facts/fixes.js';
import { targets } from '../../source/diagnosis/facts/http.js';
import { reachOfHost } from '../../source/diagnosis/facts/reach.js';
import { serviceAt, serviceOf } from '../../source/diagnosis/facts/services.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { placeOf, placeOfSubject, workloadPlace } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { joinHostPort } from '../../source/linux/ip-address.js';
import type { Fix, Subject } from '../../source/store/finding.js';
import { keyOf } from '../../source/store/finding.js';
import type { History } from '../../source/store/history.js';
import { type Sign, signsOf } from '../../source/store/signs/signs.js';

const THRESHOLDS = {
  looksSick: {
    unit: '',
    weight: 0.05,
    reads: 'what is drawn as well',
    source: 'the limits by which the panels of the console draw what they show',
  },
  newestFigure: {
    unit: 'ms',
    windowMs: 30_000,
    source: 'our choice: an older figure says nothing of now',
  },
} as const satisfies Thresholds;

/**
 * What looks sick at a place where nothing else is found. It explains nothing, and is told only while no other mode is
 * found there, or at what it is linked with: whatever is drawn as sick has a finding.
 */
export const mode = defineMode({
  id: 'unexplained',
  called: 'a sign without a cause',
  scope: 'workload',
  inputs: [],
  // Longer than any mode waits that could name its cause.
  forMs: 8000,
  keepMs: 3000,
  minSamples: 1,
  base: 0.3,
  thresholds: THRESHOLDS,
  explains: [],
  remainder: true,
  rivals: [],
  detect(history) {
    const bySubject = new Map<string, [Sign, ...Sign[]]>();
    for (const sign of signs(history)) {
      const key = keyOf('', sign.subject);
      bySubject.set(key, [...(bySubject.get(key) ?? []), sign] as [Sign, ...Sign[]]);
    }
    return [...bySubject.values()].map((all) => candidate(history, all));
  },
  clears: (history) => (signs(history).length === 0 ? 'nothing looks sick' : undefined),
});

const signs = (history: History): readonly Sign[] =>
  signsOf({
    now: history.now,
    latest: history.latest,
    newest: (signal) => history.window(signal, THRESHOLDS.newestFigure.windowMs).at(-1)?.value,
  });

function candidate(history: History, all: readonly [Sign, ...Sign[]]): Candidate {
  const [first] = all;
  return {
    subject: first.subject,
    target: first.seenBy === undefined ? first.subject.id : `${first.seenBy} → ${first.subject.id}`,
    raise: true,
    title: `${first.text}: what causes it is not known`,
    severity: 'notice',
    evidence: all.slice(0, 5).map(({ text, signal }, i) =>
      supports(THRESHOLDS.looksSick, {
        signal,
        value: text,
        ...(i === 0 ? {} : { weight: 0 }),
      }),
    ),
    fix: [nextQuestion(history, first)],
    explanation: ['no failure mode is found at this place: it is told so that it is not called well'],
    since: null,
    radius: [],
    seenAt: [...new Set(all.flatMap((one) => placesOf(history, one)))],
  };
}

/** Every place at which a finding would speak of this, too, or of what it is linked with. */
function placesOf(history: History, sign: Sign): string[] {
  const { subject, seenBy } = sign;
  const seer = seenBy === undefined ? [] : [workloadPlace(seenBy)];
  return [
    placeOfSubject(subject),
    ...seer,
    ...furtherPlaces(history, subject, seenBy),
    ...linkedPlaces(history, sign),
  ];
}

/** Where what has to do with it is: along the connections of a workload, of who listens, or of the sockets themselves. */
function linkedPlaces(history: History, { subject: { kind, id }, socketState }: Sign): string[] {
  const service = kind === 'workload' ? serviceOf(history, id) : undefined;
  if (service) return [service, ...linkedWith(history, service)].flatMap(placesOfWorkload);
  if (kind !== 'listener' && socketState === undefined) return [];
  const { port } = splitAddress(id);
  return edges(history)
    .filter((edge) =>
      socketState === undefined
        ? edge.direction === 'out' && reachOfHost(history, port, (one) => one === edge)
        : edge.inside === null && (edge.states[socketState] ?? 0) > 0,
    )
    .flatMap(({ peer, port, owner, peerName }) => [
      placeOf(joinHostPort(peer, port)),
      ...[owner, peerName].flatMap((name) => (name === null ? [] : workloadPlace(name))),
    ]);
}

function furtherPlaces(history: History, { kind, id }: Subject, seenBy: string | undefined): string[] {
  if (kind === 'name')
    return resolvers(history)
      .filter(({ client, names }) => client === (seenBy ?? null) && names.some(({ name }) => name === id))
      .map((view) => placeOfSubject(resolverSubject(view)));
  const addresses =
    kind === 'target'
      ? targets(history).flatMap(({ target, address }) => (target === id ? [address] : []))
      : kind === 'connection'
        ? endsOf(history, id)
        : kind === 'listener'
          ? [id]
          : [];
  return addresses.flatMap((address) => {
    const service = serviceOf(history, address) ?? serviceAt(history, address);
    return [placeOf(address), ...(service ? [workloadPlace(service.name)] : [])];
  });
}

/** What a connection that was tried leads to: as the matrix calls it, and its address. */
function endsOf(history: History, id: string): string[] {
  const sample = history.latest.matrix?.sample;
  const cell = sample?.cells.find(({ source, target }) => `${source} → ${target}` === id);
  const address = sample?.targets.find(({ name }) => name === cell?.target);
  return [...(cell ? [cell.target] : []), ...(address ? [`${address.address}:${address.port}`] : [])];
}

/** The question to ask next, with the command that answers it. */
function nextQuestion(history: History, { subject: { kind, id }, seenBy, signal }: Sign): Fix {
  if (signal === 'postgres') {
    const { host, port } = splitAddress(id);
    const command = `psql -h ${host} -p ${port} -U postgres -c 'SELECT 1'`;
    return { when: 'now', text: 'what does the database tell its own client?', command };
  }
  const container = kind === 'workload' ? id : seenBy;
  const isContainer = container !== undefined && serviceOf(history, container)?.container !== undefined;
  if (kind === 'target') {
    const url = history.latest.http[id]?.sample.url ?? id;
    return { when: 'now', text: 'what does it answer, in full?', command: askCommand(url) };
  }
  if (kind === 'name')
    return {
      when: 'now',
      text: 'does the C library give the name an address?',
      command: isContainer ? `docker exec ${container} getent hosts ${id}` : `getent hosts ${id}`,
    };
  if (isContainer)
    return {
      when: 'now',
      text: `what does ${container} say itself?`,
      command: `docker logs --tail 50 ${container}`,
    };
  return { when: 'now', text: 'whose sockets are they?', command: 'ss -tuanp' };
}
