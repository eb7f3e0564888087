import { BY_DEFAULT } from '../../engines/docker/endpoint/endpoint.js';
import { realSurroundings, resolveEndpoint } from '../../engines/docker/endpoint/resolve-endpoint.js';
import type { Engine } from '../../engines/engine.js';
import { joinHostPort } from '../../linux/ip-address.js';
import type { HttpTarget, WatchSettings } from '../../probes/watch-settings.js';
import type { FaultlineState } from '../../store/state.js';
import { plural, seconds } from '../../terminal/format.js';

/** One thing that was asked for, and what is said of it. */
export interface AskedFor {
  readonly target: string;
  readonly reason: string;
}

/** What became of what was asked for by name, where that is not well. */
export interface Asked {
  /** What was given to watch, targets and names in all. */
  readonly count: number;
  /** What failed when it was last tried, whether or not a finding says why. */
  readonly failing: readonly AskedFor[];
  /** Of which nothing was learnt: no try of it has ended, or there is nothing to ask. */
  readonly unread: readonly AskedFor[];
}

/** In less than this (ms) nothing that has to last can be named, and nothing that hangs is told from what is slow. */
const SHORTEST_LOOK_MS = 3_000;
/** A pattern that was seen in a look shorter than this (ms), and not for long enough, is not cleared by its end. */
const FULL_LOOK_MS = 10_000;

/** Why a look in which nothing was found is too short to say that nothing is wrong; undefined where it is not. */
export function tooShortFor(
  { findings }: Pick<FaultlineState, 'findings'>,
  watchedMs: number,
): string | undefined {
  const watched = `${Number((watchedMs / 1000).toFixed(1))} s`;
  if (watchedMs < SHORTEST_LOOK_MS)
    return `Too short to judge: nothing was found in ${watched}, in which what hangs and what comes and goes does not show. Watch longer: --for ${FULL_LOOK_MS / 1000}s`;
  const pending = findings.filter(({ state, severity }) => state === 'pending' && severity !== 'notice');
  if (watchedMs >= FULL_LOOK_MS || pending.length === 0) return undefined;
  return `Too short to judge: what is suspected below has not lasted long enough in ${watched} to be sure. Watch longer: --for ${FULL_LOOK_MS / 1000}s`;
}

/** Judges what was given to `check` by what the store held when `forMs` were over. */
export function judgeAsked(
  settings: WatchSettings,
  state: FaultlineState,
  { forMs, engine }: { readonly forMs: number; readonly engine: Engine | undefined },
): Asked {
  const { targets, names, databases, redis, mysql = [] } = settings;
  return {
    count: targets.length + names.length + databases.length + redis.length + mysql.length,
    failing: [...failingTargets(targets, state), ...failingNames(settings, state)],
    unread: [
      ...unreadDocker(engine),
      ...unreadTargets(targets, state, forMs),
      ...unreadServers(settings, state, forMs),
    ],
  };
}

/** The targets whose newest run failed, and in how many of their runs they did. */
export function failingTargets(
  targets: readonly HttpTarget[],
  { latest, series }: FaultlineState,
): AskedFor[] {
  return targets.flatMap(({ name }) => {
    const sample = latest.http[name]?.sample;
    if (!sample || sample.ok || isKeptWaiting(name, targets, { latest, series })) return [];
    const runs = (series.get(`http.ok{${name}}`)?.since(0) ?? []).filter(({ value }) => !Number.isNaN(value));
    const failed = runs.filter(({ value }) => value === 0).length;
    const share = runs.length > 0 ? `failed in ${failed} of ${plural(runs.length, 'run')}: ` : '';
    return [{ target: name, reason: `${share}${sample.failure?.text ?? 'no answer'}` }];
  });
}

/** So long (ms) may a long poll keep its client waiting: RFC 6202, 5.5. */
const LONG_POLL_MS = 30_000;

/**
 * Whether all that is wrong with a target is that it has not answered yet, while another one of the same server is
 * answered: a long poll does so by design, and nobody can tell yet.
 */
function isKeptWaiting(
  name: string,
  targets: readonly HttpTarget[],
  { latest, series }: Pick<FaultlineState, 'latest' | 'series'>,
): boolean {
  const its = latest.http[name];
  if (its?.sample.failure?.kind !== 'timeout' || its.sample.failure.phase !== 'firstByte') return false;
  const runs = series.get(`http.ok{${name}}`)?.since(0) ?? [];
  const lastGood = runs.findLast(({ value }) => value === 1)?.at ?? Number.NEGATIVE_INFINITY;
  const since = runs.find(({ at }) => at > lastGood)?.at ?? its.at;
  const { host } = new URL(its.sample.url);
  return (
    its.at - since < LONG_POLL_MS &&
    targets.some((other) => {
      const sample = latest.http[other.name]?.sample;
      return sample?.ok === true && sample.status !== null && new URL(sample.url).host === host;
    })
  );
}

/** The names that this host asks for and that gave no address when they were last asked. */
function failingNames({ names }: WatchSettings, { latest }: FaultlineState): AskedFor[] {
  const given = new Set(names.flatMap(({ name, inside }) => (inside === null ? [name] : [])));
  return (latest.dns?.sample.names ?? []).flatMap(({ name, resolved, steps, resolver }) => {
    if (resolved || !given.has(name)) return [];
    const outcomes = [...new Set(steps.map(({ outcome }) => outcome))].join(', ');
    return [{ target: `name ${name}`, reason: `no address: ${outcomes} from ${resolver}` }];
  });
}

/** A Docker that was asked for by name (DOCKER_HOST, a context) and does not answer: its containers were not seen. */
function unreadDocker(engine: Engine | undefined): AskedFor[] {
  const resolved = resolveEndpoint(realSurroundings);
  if (resolved.ok && resolved.endpoint.from === BY_DEFAULT) return [];
  const trouble = engine?.trouble?.();
  const from = resolved.ok ? ` of ${resolved.endpoint.from}` : '';
  return trouble ? [{ target: `Docker${from}`, reason: `${trouble.reason}. Try: ${trouble.mend}` }] : [];
}

/** The targets of which no probe run ended well or badly. */
export function unreadTargets(
  targets: readonly HttpTarget[],
  { latest, probes, series }: FaultlineState,
  forMs: number,
): AskedFor[] {
  return targets.flatMap(({ name }) => {
    const sample = latest.http[name]?.sample;
    if (!sample) return [{ target: name, reason: probes[`http:${name}`]?.reason ?? tooShort(forMs) }];
    if (!isKeptWaiting(name, targets, { latest, series })) return [];
    const waited = `${seconds(sample.totalMs)}`;
    return [
      {
        target: name,
        reason: `not answered within ${waited}, while another target of the same server is: a long poll, or what it waits for hangs; watch longer`,
      },
    ];
  });
}

function unreadServers(
  settings: WatchSettings,
  { latest, probes }: FaultlineState,
  forMs: number,
): AskedFor[] {
  const silent = (asked: readonly string[], id: 'dns' | 'postgres' | 'redis' | 'datastores'): AskedFor[] =>
    latest[id] ? [] : asked.map((target) => ({ target, reason: probes[id]?.reason ?? tooShort(forMs) }));
  const names = settings.names.filter(({ inside }) => inside === null).map(({ name }) => name);
  const served = ({ host, port }: { readonly host: string; readonly port: number }): string =>
    joinHostPort(host, port);
  return [
    ...silent(names, 'dns'),
    ...silent(settings.databases.map(served), 'postgres'),
    ...silent(settings.redis.map(served), 'redis'),
    ...silent((settings.mysql ?? []).map(served), 'datastores'),
  ];
}

const tooShort = (forMs: number): string =>
  `no answer had come when ${forMs / 1000} s were over: watch longer`;
