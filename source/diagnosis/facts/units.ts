import type { NamedProcess } from '../../linux/process/socket-holders.js';
import type { LeftListener, Unit } from '../../probes/samples.js';
import type { Fix } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { placeOf, workloadPlace } from '../places.js';
import { isLocal, splitAddress } from './addresses.js';
import { edges } from './edges.js';
import { later, now } from './fixes.js';
import { targets } from './http.js';
import { listenQueue } from './listeners.js';
import { fresh, known } from './values.js';

/** Services of systemd on this host: who listens, which are down, and what systemd's own commands do about them. */

/** A process with its service, as a person looks for it: `nginx.service (nginx 1234)`. */
export const withUnit = ({ unit, name, pid }: NamedProcess): string =>
  unit === undefined ? name : `${unit} (${name} ${pid})`;

/** Who listens at an address of this host, where that is a service. */
export const unitAt = (history: History, address: string): NamedProcess | undefined =>
  listenQueue(history, address)?.holder;

/** A service that does not do its work. */
export interface DownUnit {
  readonly name: string;
  /** What systemd says of it, read since it was missed; undefined where it was not read, or is down by intent. */
  readonly unit: Unit | undefined;
  /**
   * `failed`: systemd gave it up; `restarting`: it waits for its next try; `stopped`: somebody asked it to end, or it
   * finished; `gone`: its listener is not there, and why is not known.
   */
  readonly state: 'failed' | 'restarting' | 'stopped' | 'gone';
  /** Ports at which it listened, as it was seen or as its command says. */
  readonly ports: readonly number[];
}

/** What has been started again and again is one that ends until it has run for so long. */
export const JUST_STARTED = {
  unit: 'ms',
  value: 20_000,
  source:
    'our choice: what has been started again and again has not proven itself until it has run for so long',
};

/** So many restarts in so long (ms) are a loop. */
export interface LoopBounds {
  readonly restartsInLoop: { readonly value: number; readonly windowMs: number };
}

const units = (history: History): readonly Unit[] => fresh(history.latest.units)?.units ?? [];

/**
 * Services that failed, wait for their next try, or listened and do not; and of those that were stopped the ones whose
 * port is asked for in vain. Not those that are known to work.
 */
export function downUnits(history: History): DownUnit[] {
  const left = fresh(history.latest.sockets)?.left ?? [];
  const told = units(history).flatMap((unit): DownUnit[] => {
    const { name, state } = unit;
    if (state === 'running') return [];
    const seen = left.filter((one) => one.unit === name).map(({ port }) => port);
    const ports = [...new Set([...seen, ...(unit.ports ?? []), ...portsNamed(history, unit)])];
    return state === 'stopped' && ports.length === 0 ? [] : [{ name, unit, state, ports }];
  });
  const names = new Set(
    left
      .map(({ unit }) => unit)
      .filter((name) => told.every((one) => one.name !== name && one.unit?.failedSocket !== name)),
  );
  return [...told, ...[...names].map((name) => missed(history, name, left))];
}

/** One that listened before our eyes, and does not; systemd may know more since, or nothing, as it was stopped. */
function missed(history: History, name: string, left: readonly LeftListener[]): DownUnit {
  const its = left.filter(({ unit }) => unit === name);
  const runs = units(history).some((one) => one.name === name);
  const readSince = (history.latest.units?.at ?? 0) > Math.max(...its.map(({ at }) => at));
  const state = readSince && fresh(history.latest.units) && !runs ? 'stopped' : 'gone';
  return { name, unit: undefined, state, ports: its.map(({ port }) => port) };
}

/** The service that served an address of this host and is down; undefined where none is known to have. */
export function downUnitAt(history: History, address: string): DownUnit | undefined {
  if (!isLocal(address)) return undefined;
  const { port } = splitAddress(address);
  return downUnits(history).find(({ ports }) => ports.includes(port));
}

/**
 * Ports that its command names, of those that are asked for in vain: what else stands there may be anything. A port of
 * up to three digits has to be named as one (`:80`, `=80`).
 */
function portsNamed(history: History, { command, oneshot }: Unit): number[] {
  if (oneshot) return [];
  return [...askedInVain(history)].filter((port) =>
    new RegExp(port > 999 ? `(^|[^\\d.])${port}(?![\\d.])` : `[:=]${port}(?!\\d)`).test(command),
  );
}

/** Ports of this host at which nobody listens, and that a target or one of its own connections asks for. */
function askedInVain(history: History): Set<number> {
  const sockets = fresh(history.latest.sockets);
  const open = new Set((sockets?.listeners ?? []).map(({ port }) => port));
  const asked = targets(history)
    .filter(({ address, sample }) => sample.failure?.kind === 'refused' && isLocal(address))
    .map(({ address }) => splitAddress(address).port);
  return new Set(
    [...asked, ...refusedPorts(history)].filter((port) => sockets !== undefined && !open.has(port)),
  );
}

/** Ports of this host's own loopback that its processes could not connect to in the last look. */
const refusedPorts = (history: History): number[] =>
  edges(history)
    .filter(
      ({ inside, direction, peer, port }) =>
        inside === null && direction === 'out' && isLocal(`${peer}:${port}`),
    )
    .filter(({ failed }) => (failed ?? 0) > 0)
    .map(({ port }) => port);

/** Whether a process of this host asks for one of its ports in vain. */
export const isAskedFor = (history: History, { ports }: DownUnit): boolean => {
  const refused = refusedPorts(history);
  return ports.some((port) => refused.includes(port));
};

/** Services that end again and again: those that wait for their next try, and those that run since a moment ago. */
export function loopingUnits(history: History, { restartsInLoop }: LoopBounds): Unit[] {
  return units(history).filter(({ name, state, restarts, startedAt, oneshot }) => {
    if (state === 'failed' || state === 'stopped' || oneshot || restarts < restartsInLoop.value) return false;
    const counts = known(history, `unit.restarts{${name}}`, restartsInLoop.windowMs);
    const risen = restarts - (counts[0]?.value ?? restarts);
    const young = startedAt !== null && history.now - startedAt <= JUST_STARTED.value;
    return state === 'restarting' || young || risen >= restartsInLoop.value;
  });
}

/** Where its end can be felt, besides what is served at an address. */
export const placesOfUnit = ({ name, ports }: Pick<DownUnit, 'name' | 'ports'>): string[] => [
  workloadPlace(name),
  ...ports.map((port) => placeOf(`127.0.0.1:${port}`)),
];

/** What is known of its end: "failed: ended with exit code 3, restart policy no". */
export function unitText({ name, state, unit }: DownUnit): string {
  const how = unit?.ending ? `: it ${unit.ending}` : '';
  if (state === 'failed') {
    const gaveUp = unit?.restarts ? `, after ${unit.restarts} restarts` : '';
    const socket = unit?.failedSocket ? `; ${unit.failedSocket}, by which it is started, was given up` : '';
    return `${name} has failed${how}${gaveUp} (Restart=${unit?.restartPolicy ?? 'unknown'})${socket}`;
  }
  if (state === 'restarting')
    return `${name} waits for its next start${how}; ${unit?.restarts ?? 0} restarts so far`;
  return state === 'stopped' ? `${name} was stopped, or has finished` : `${name} does not listen any more`;
}

/** What a person has to know besides: who cannot be without it, and what it said last. */
export function besides(unit: Unit | undefined): string {
  const needed = unit?.requiredBy ? `; ${unit.requiredBy.join(', ')} cannot be without it (Requires=)` : '';
  return `${needed}${unit?.lastWords === undefined ? '' : `; it said last: ${unit.lastWords}`}`;
}

/** Somebody wants it to run whatever happens, and systemd has given it up after several tries. */
export const isGivenUp = (unit: Unit | undefined, tries: number): boolean =>
  unit?.state === 'failed' && unit.restarts >= tries && !unit.oneshot;

/**
 * Why it ended comes first; one that systemd starts by itself, or gave up for good reason, needs no start by hand. One that
 * a socket starts is started by that.
 */
export function unitFixes({ name, state, unit }: Pick<DownUnit, 'name' | 'state' | 'unit'>): Fix[] {
  const read = now(`read why ${name} ended`, `journalctl -u ${name} -n 50 --no-pager`);
  if (state === 'restarting') return [read];
  if (state === 'gone') return [now(`see what ${name} does`, `systemctl status ${name}`), read];
  const socket = unit?.failedSocket;
  const start = socket
    ? now(`listen at ${socket} again`, `systemctl reset-failed ${name} ${socket}; systemctl start ${socket}`)
    : now(`start ${name} again`, `systemctl start ${name}`);
  return state === 'stopped' ? [start] : [read, { ...start, text: `mend that, then ${start.text}` }];
}

/** What became of it, in short: what its users meet is said beside it. */
export function unitTitle({ name, state, unit }: DownUnit): string {
  if (state === 'failed') return `${name} has failed${unit?.ending ? ` (${unit.ending})` : ''}`;
  if (state === 'restarting') return `${name} ended and waits for its next start`;
  return state === 'stopped' ? `${name} does not run` : `${name} does not listen any more`;
}

/** What ends by a crash and is not started again could be. */
export const healFix = (unit: Unit | undefined): Fix[] =>
  unit?.restartPolicy === 'no' && !unit.oneshot
    ? [later('Restart=on-failure, so that a crash heals by itself')]
    : [];
