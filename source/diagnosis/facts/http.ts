import { splitUnixPath } from '../../probes/http/unix-path.js';
import type { HttpFailureKind, HttpSample } from '../../probes/samples.js';
import type { History } from '../../store/history.js';
import { inShort } from '../../terminal/format.js';
import { onceALook } from './once-a-look.js';
import { failures } from './values.js';

/** One HTTP target as its last runs show it. */
export interface TargetView {
  readonly target: string;
  readonly sample: HttpSample;
  /** Wall-clock ms at which that run ended. */
  readonly at: number;
  /** `host:port` of its URL. */
  readonly address: string;
  /** Failed runs in a row until now. */
  readonly failed: number;
  /** Wall-clock ms of the first of them, or null. */
  readonly failingSince: number | null;
}

/** `host:port` of a URL, the default port filled in, or the path of its socket; the text itself when it is no URL. */
export function addressOf(url: string): string {
  try {
    const { protocol, hostname, port, pathname } = new URL(url);
    if (protocol === 'unix:') return splitUnixPath(pathname).socket;
    return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`;
  } catch {
    return url;
  }
}

/** The targets that were probed lately, in the order of their names; a stale one says nothing. */
export const targets = onceALook((history): readonly TargetView[] =>
  Object.entries(history.latest.http)
    .filter(([, latest]) => !latest.stale)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([target, { sample, at }]) => {
      const streak = sample.ok ? null : failures(history, `http.ok{${target}}`);
      return {
        target,
        sample,
        at,
        address: addressOf(sample.url),
        failed: streak?.count ?? (sample.ok ? 0 : 1),
        failingSince: streak?.since ?? null,
      };
    }),
);

/** The targets whose last run failed. */
export const failing = onceALook((history): readonly TargetView[] =>
  targets(history).filter((view) => !view.sample.ok),
);

/** The targets whose last run failed in one of these ways. */
export const failingBy = (history: History, ...kinds: readonly HttpFailureKind[]): TargetView[] =>
  failing(history).filter((view) => view.sample.failure !== null && kinds.includes(view.sample.failure.kind));

/** Whether nothing is wrong with it but that it has not answered yet: no byte, after a connection that was taken. */
export const isSilent = ({ sample }: TargetView): boolean =>
  sample.failure?.kind === 'timeout' && sample.failure.phase === 'firstByte';

/** Targets that connected, sent their request and got not one byte back in time. */
export const silent = (history: History): TargetView[] => failing(history).filter(isSilent);

/** What the client of one that fails meets, in words. */
export const metText = ({ sample }: TargetView): string =>
  sample.failure?.text ?? (sample.status === null ? 'no answer (000)' : `status ${sample.status}`);

/** Wall-clock ms at which the first of the newest runs of these was sent. */
export const sentAt = (views: readonly TargetView[]): number =>
  Math.min(...views.map(({ at, sample }) => at - sample.totalMs));

/** Targets grouped by the address they are served from. */
export function byAddress(views: readonly TargetView[]): Map<string, TargetView[]> {
  const groups = new Map<string, TargetView[]>();
  for (const view of views) groups.set(view.address, [...(groups.get(view.address) ?? []), view]);
  return groups;
}

/** `GET /, GET /todos`, at most three names. */
export const names = (views: readonly TargetView[]): string => inShort(views.map(({ target }) => target));
