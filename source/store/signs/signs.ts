import type { DnsNameSample, InsideSample, ServiceSample, TcpState } from '../../probes/samples.js';
import { plural } from '../../terminal/format.js';
import type { Subject } from '../finding.js';
import type { Latest, LatestSamples } from '../history.js';
import { levelOfCell } from './connection.js';
import { levelOfFill } from './conntrack.js';
import { judgeDatabase } from './database.js';
import { isGrave, type Level } from './level.js';
import { isGiven, levelOfName } from './lookup.js';
import { levelOfQueue, levelOfSentAgain, levelOfState, MANY_IN_CONTAINER, MANY_ON_HOST } from './sockets.js';
import { levelOfSwarmService } from './swarm.js';
import { judgeWorkload, levelOfCpu, levelOfFiles } from './workload.js';

/** Something that is drawn as sick somewhere, whether or not anything explains it. */
export interface Sign {
  readonly subject: Subject;
  readonly level: 'critical' | 'warning';
  /** "web is unhealthy", for a person. */
  readonly text: string;
  /** The signal or source that it is read from. */
  readonly signal: string;
  /** Who sees it, where that is a container and not the subject itself; who would also explain it. */
  readonly seenBy?: string;
  /** Of many sockets in a state: which. */
  readonly socketState?: TcpState;
}

/** What signs are read from: the newest samples, and the newest figure of a signal. */
export interface Seen {
  /** Wall-clock ms. */
  readonly now: number;
  readonly latest: LatestSamples;
  readonly newest: (signal: string) => number | undefined;
}

const HOST: Subject = { kind: 'host', id: 'this host' };

/**
 * All that is drawn as sick now, each place once for each thing that is wrong with it. The levels are those that the
 * panels draw by, so nothing is drawn sick that is not here; what is stale speaks for the past and is left out.
 */
export function signsOf(seen: Seen): readonly Sign[] {
  return [
    ...workloadSigns(seen),
    ...targetSigns(seen),
    ...lookupSigns(seen),
    ...matrixSigns(seen),
    ...swarmSigns(seen),
    ...insideSigns(seen),
    ...databaseSigns(seen),
    ...hostSigns(seen),
  ];
}

const fresh = <Sample>(latest: Latest<Sample> | undefined): Sample | undefined =>
  latest === undefined || latest.stale ? undefined : latest.sample;

const freshOf = <Sample>(all: Readonly<Record<string, Latest<Sample>>> | undefined): [string, Sample][] =>
  Object.entries(all ?? {}).flatMap(([name, { sample, stale }]) =>
    stale ? [] : [[name, sample] as [string, Sample]],
  );

/** A sign where the level is one. */
const sign = (
  level: Level,
  subject: Subject,
  text: string,
  signal: string,
  more: Pick<Sign, 'seenBy' | 'socketState'> = {},
): Sign[] => (isGrave(level) ? [{ subject, level, text, signal, ...more }] : []);

const workload = (id: string): Subject => ({ kind: 'workload', id });

function workloadSigns({ latest }: Seen): Sign[] {
  return (fresh(latest.services)?.services ?? []).flatMap((service: ServiceSample) => {
    const { name, openFds, fdLimit, container } = service;
    const { level, word } = judgeWorkload(service, latest.http);
    const held = Math.round(container?.throttledPercent ?? 0);
    return [
      ...sign(level, workload(name), said(name, word), 'services'),
      ...sign(
        levelOfFiles(service),
        workload(name),
        `${name} has ${openFds} of ${fdLimit} files open`,
        'services',
      ),
      ...sign(
        levelOfCpu(service),
        workload(name),
        `${name} is held back in ${held} % of its CPU periods`,
        'services',
      ),
    ];
  });
}

const said = (name: string, word: string): string =>
  word === 'no answer' ? `${name} answers none of its probes` : `${name} is ${word}`;

function targetSigns({ latest }: Seen): Sign[] {
  return freshOf(latest.http).flatMap(([target, { ok, status, failure }]) =>
    sign(
      ok ? 'ok' : 'critical',
      { kind: 'target', id: target },
      `${target}: ${failure?.text ?? (status === null ? 'no answer' : `status ${status}`)}`,
      `http.ok{${target}}`,
    ),
  );
}

function lookupSigns({ latest }: Seen): Sign[] {
  const own = nameSigns(fresh(latest.dns)?.names ?? []);
  const inside = freshOf(latest.lookups).flatMap(([container, { names }]) => nameSigns(names, container));
  return [...own, ...inside];
}

const nameSigns = (names: readonly DnsNameSample[], seenBy?: string): Sign[] =>
  names.flatMap((name) => nameSign(name, isGiven(names, name), seenBy));

function nameSign(name: DnsNameSample, given: boolean, seenBy: string | undefined): Sign[] {
  const where = seenBy === undefined ? '' : ` in ${seenBy}`;
  const bad = name.steps.find(({ outcome }) => outcome !== 'NOERROR' && outcome !== 'NODATA');
  const how = bad?.outcome ?? (name.late.length > 0 ? 'answered too late' : 'no address');
  return sign(
    levelOfName(name, given),
    { kind: 'name', id: name.name },
    `${name.name}${where}: ${how} from ${name.resolver}`,
    seenBy === undefined ? 'dns' : 'lookups',
    seenBy === undefined ? {} : { seenBy },
  );
}

function matrixSigns({ latest }: Seen): Sign[] {
  const services = fresh(latest.services)?.services ?? [];
  // One that has ended has a sign of its own, or is missed by nobody.
  const hasEnded = (target: string): boolean =>
    services.some(({ name, state }) => state === 'exited' && target.replace(/:\d+$/, '') === name);
  // Most of many connect: nothing is worded for those.
  const sick = (fresh(latest.matrix)?.cells ?? []).filter((cell) => isGrave(levelOfCell(cell)));
  return sick.flatMap((cell) =>
    sign(
      hasEnded(cell.target) ? 'unknown' : levelOfCell(cell),
      { kind: 'connection', id: `${cell.source} → ${cell.target}` },
      `${cell.source} → ${cell.target}: ${cell.outcome}`,
      'matrix',
      { seenBy: cell.source },
    ),
  );
}

function swarmSigns({ latest, now }: Seen): Sign[] {
  return (fresh(latest.swarm)?.services ?? []).flatMap((service) =>
    sign(
      levelOfSwarmService(service, now),
      workload(service.name),
      `${service.name}: ${service.running} of ${plural(service.desired, 'replica')} run`,
      'swarm',
    ),
  );
}

function insideSigns({ latest, newest }: Seen): Sign[] {
  return freshOf(latest.inside).flatMap(([name, sample]: [string, InsideSample]) => {
    const again = newest(`kernel.retransPercent{${name}}`);
    return [
      ...stateSigns(sample.sockets?.total, MANY_IN_CONTAINER, workload(name), `inside`, ` in ${name}`),
      ...(sample.sockets?.listeners ?? []).flatMap((queue) =>
        sign(
          levelOfQueue(queue),
          workload(name),
          `${queue.queued} of ${queue.backlog} connections wait at port ${queue.port} of ${name}`,
          'inside',
        ),
      ),
      ...sign(
        levelOfSentAgain(again),
        workload(name),
        `${again?.toFixed(1)} % of what ${name} sends is sent again`,
        `kernel.retransPercent{${name}}`,
      ),
    ];
  });
}

function stateSigns(
  total: Partial<Record<TcpState, number>> | undefined,
  many: Partial<Readonly<Record<TcpState, number>>>,
  subject: Subject,
  signal: string,
  where: string,
): Sign[] {
  return (Object.keys(many) as TcpState[]).flatMap((state) =>
    sign(
      levelOfState(many, state, total?.[state]),
      subject,
      `${total?.[state]} sockets in ${state}${where}`,
      signal,
      { socketState: state },
    ),
  );
}

/** Of one that lets nobody in: what is refused, silent or full is a matter of modes of its own, which wait for their causes. */
function databaseSigns({ latest }: Seen): Sign[] {
  const sample = fresh(latest.postgres);
  if (sample?.failure?.kind !== 'authentication' && sample?.failure?.kind !== 'other') return [];
  const { level } = judgeDatabase(sample);
  const text = `the database at ${sample.address}: ${sample.failure?.text}`;
  return sign(level, { kind: 'listener', id: sample.address }, text, 'postgres');
}

function hostSigns({ latest }: Seen): Sign[] {
  const sockets = fresh(latest.sockets);
  const conntrack = fresh(latest.conntrack);
  return [
    ...stateSigns(sockets?.total, MANY_ON_HOST, HOST, 'sockets', ''),
    ...(sockets?.listeners ?? []).flatMap((queue) =>
      sign(
        levelOfQueue(queue),
        { kind: 'listener', id: `127.0.0.1:${queue.port}` },
        `${queue.queued} of ${queue.backlog} connections wait at port ${queue.port}`,
        'sockets',
      ),
    ),
    ...(conntrack
      ? sign(
          levelOfFill(conntrack),
          HOST,
          `the connection tracking table is ${Math.round((conntrack.fill ?? 0) * 100)} % full`,
          'conntrack.fill',
        )
      : []),
  ];
}
