import type { HttpFailureKind, HttpPhase, ServiceSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { askedBehindSince } from './connections.js';
import { type DataWait, dataWaitsOf } from './data-waits.js';
import { mayAskFor } from './failing-askers.js';
import { byAddress, isSilent, sentAt, type TargetView, targets } from './http.js';
import { lookupsTroubled } from './lookup-trouble.js';
import { type RequestShare, requestShare } from './request-share.js';
import { serviceAt } from './services.js';
import { earliest, lastAll } from './values.js';

/** From when failures among good requests are more than one outage. */
export interface ShareBounds {
  /** So large a share of the requests of this time. */
  readonly failedShare: { readonly raise: number; readonly clear: number; readonly windowMs: number };
  /** So many of them at least, so often with good ones between them, and the last so lately (ms). */
  readonly failedRequests: { readonly value: number };
  readonly episodes: { readonly value: number };
  readonly lately: { readonly value: number };
  /** It is over once so many good ones in a row would come with this chance, did the share of this time go on. */
  readonly byChance: { readonly value: number; readonly windowMs: number };
}

/** A target of which requests fail: the last ones, or now and then one. */
export interface SickTarget {
  readonly view: TargetView;
  /** How many of the last requests failed, where good ones are among them. */
  readonly share: RequestShare | undefined;
  /** None has failed lately, and it is too early to say that it is over: what was named goes on. */
  readonly isWaning: boolean;
}

/** An address at which targets are sick. */
export interface SickAddress {
  readonly history: History;
  /** `host:port`, who serves it where that is known, and how many targets are there. */
  readonly address: string;
  readonly service: ServiceSample | undefined;
  readonly of: number;
  readonly sick: readonly [SickTarget, ...SickTarget[]];
  /** Where all that is wrong is silence: the targets there that are answered meanwhile. None elsewhere. */
  readonly answered: readonly TargetView[];
  /** What one that is silent is held back by at a database. */
  readonly waits: readonly DataWait[];
  /** Wall-clock ms of the first failure, or null; and the ms since. */
  readonly since: number | null;
  readonly lastingMs: number;
}

/** Every address with a sick target. */
export const sickAddresses = (history: History, bounds: ShareBounds & StillBounds): SickAddress[] =>
  [...byAddress(targets(history))].flatMap(([address, views]) => {
    const [first, ...rest] = sickTargets(history, views, bounds);
    if (!first) return [];
    const sick = [first, ...rest] as const;
    const service = serviceAt(history, address);
    const since = earliest(...sick.map(({ view, share }) => share?.firstAt ?? view.failingSince));
    const allSilent = sick.every(({ view, share }) => share === undefined && isSilent(view));
    return [
      {
        ...{ history, address, service, of: views.length, sick, since },
        lastingMs: since === null ? 0 : history.now - since,
        answered: allSilent ? views.filter(({ sample }) => sample.ok && sample.status !== null) : [],
        waits: sick.some(({ view }) => isSilent(view))
          ? dataWaitsOf(history, { address, service }, bounds.dataWait.value)
          : [],
      },
    ];
  });

/** How many good runs in a row end it, and from when (ms) a request to a database waits there. */
export interface StillBounds {
  readonly goodRuns: { readonly value: number };
  readonly dataWait: { readonly value: number };
}

/** Whether a target of an address is sick, or has not yet been well for long enough. */
export const isStillSick = (history: History, at: string, bounds: StillBounds): boolean =>
  targets(history).some(
    ({ address, target }) =>
      address === at &&
      !lastAll(history, `http.ok{${target}}`, bounds.goodRuns.value, (value) => value === 1),
  );

/**
 * What is sick of these targets: those whose last request failed, and those of which a share fails; where there is none,
 * those of which a share failed and may fail again.
 */
export function sickTargets(
  history: History,
  views: readonly TargetView[],
  bounds: ShareBounds,
): SickTarget[] {
  const now = views.flatMap((view): SickTarget[] => {
    const share = intermittent(history, view.target, bounds);
    return view.sample.ok && share === undefined ? [] : [{ view, share, isWaning: false }];
  });
  if (now.length > 0) return now;
  return views.flatMap((view): SickTarget[] => {
    const share = waning(history, view.target, bounds);
    return share === undefined ? [] : [{ view, share, isWaning: true }];
  });
}

/** The share of requests that failed, as long as it may be chance that none does any more. */
function waning(
  history: History,
  target: string,
  { failedShare, failedRequests, episodes, byChance }: ShareBounds,
): RequestShare | undefined {
  const share = requestShare(history, target, byChance.windowMs);
  if (share === undefined || share.failed === share.of) return undefined;
  if (share.failed < failedRequests.value || share.episodes < episodes.value) return undefined;
  const failing = Math.max(share.failed / share.between, failedShare.raise);
  const chance = (1 - failing) ** share.goodSince;
  return share.share >= failedShare.clear && chance > byChance.value ? share : undefined;
}

/** The share of requests that fail, where they fail time and again and not in one outage alone. */
function intermittent(
  history: History,
  target: string,
  { failedShare, failedRequests, episodes, lately }: ShareBounds,
): RequestShare | undefined {
  const share = requestShare(history, target, failedShare.windowMs);
  if (share === undefined || share.failed === share.of) return undefined;
  const isShare =
    share.failed >= failedRequests.value &&
    share.episodes >= episodes.value &&
    share.share >= failedShare.raise &&
    history.now - share.lastAt <= lately.value;
  return isShare ? share : undefined;
}

/**
 * Whether all of them hang where one that waits for a lookup, or for a container behind it, would hang: its lookups were
 * in trouble within `lookupsMs`, or what is behind was not tried since.
 */
export function mayWaitForOthers(history: History, sick: readonly SickTarget[], lookupsMs: number): boolean {
  if (sick.some(({ view, share }) => share !== undefined || view.sample.failure?.phase !== 'firstByte'))
    return false;
  const views = sick.map(({ view }) => view);
  const isMeant = (client: string | null): boolean =>
    views.some(({ address }) => mayAskFor(history, address, client));
  return lookupsTroubled(history, lookupsMs, isMeant) || !askedBehindSince(history, sentAt(views), isMeant);
}

const HOW: Readonly<Record<Exclude<HttpFailureKind, 'status' | 'timeout'>, string>> = {
  'no-name': 'a name that does not resolve',
  refused: 'a refused connection',
  reset: 'a reset connection',
  unreachable: 'an unreachable address',
  protocol: 'an answer that is not HTTP',
  tls: 'a TLS error',
  proxy: 'an error of its proxy',
  redirect: 'a redirect that leads nowhere',
};

/** What never ended, by its phase. */
const NOT_IN_TIME: Readonly<Record<HttpPhase, string>> = {
  dns: 'a lookup that is not answered',
  connect: 'a connection that is not answered',
  tls: 'a TLS handshake that does not end',
  firstByte: 'a timeout',
  transfer: 'an answer that stops',
};

/** What its client meets, to stand behind "fails with". */
export function howText({ view, share }: SickTarget): string {
  const { failure, status } = view.sample;
  if (failure?.kind === 'timeout') return failure.short ?? NOT_IN_TIME[failure.phase];
  if (failure && failure.kind !== 'status') return failure.short ?? HOW[failure.kind];
  if (failure) return status === null ? 'no answer' : `status ${status}`;
  const [most] = share?.statuses ?? [];
  return most ? `status ${most}` : 'no whole answer';
}
