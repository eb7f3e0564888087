import type { TargetView } from '../../source/diagnosis/facts/http.js';
import { type RequestShare, requestShare } from '../../source/diagnosis/facts/request-share.js';
import type { HttpFailureKind, HttpPhase } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { THRESHOLDS } from './thresholds.js';

/** A target of which requests fail: the last ones, or now and then one. */
export interface SickTarget {
  readonly view: TargetView;
  /** How many of the last requests failed, where good ones are among them. */
  readonly share: RequestShare | undefined;
}

/** What is sick of these targets: those whose last request failed, and those of which a share fails. */
export function sickTargets(history: History, views: readonly TargetView[]): SickTarget[] {
  return views.flatMap((view) => {
    const share = intermittent(history, view.target);
    return view.sample.ok && share === undefined ? [] : [{ view, share }];
  });
}

/** The share of requests that fail, where they fail time and again and not in one outage alone. */
export function intermittent(history: History, target: string): RequestShare | undefined {
  const { failedShare, failedRequests, episodes, lately } = THRESHOLDS;
  const share = requestShare(history, target, failedShare.windowMs);
  if (share === undefined || share.failed === share.of) return undefined;
  const isShare =
    share.failed >= failedRequests.value &&
    share.episodes >= episodes.value &&
    share.share >= failedShare.raise &&
    history.now - share.lastAt <= lately.value;
  return isShare ? share : undefined;
}

/** Whether nothing is wrong with it but that it has not answered yet: no byte, after a connection that was taken. */
export const isSilent = ({ sample }: TargetView): boolean =>
  sample.failure?.kind === 'timeout' && sample.failure.phase === 'firstByte';

const HOW: Readonly<Record<Exclude<HttpFailureKind, 'status' | 'timeout'>, string>> = {
  'no-name': 'a name that does not resolve',
  refused: 'a refused connection',
  reset: 'a reset connection',
  unreachable: 'an unreachable address',
  protocol: 'an answer that is not HTTP',
  tls: 'a TLS error',
  proxy: 'an error of its proxy',
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
