import { supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { splitAddress } from '../../source/diagnosis/facts/addresses.js';
import { quoted } from '../../source/diagnosis/facts/fixes.js';
import { names, type TargetView } from '../../source/diagnosis/facts/http.js';
import type { RequestShare } from '../../source/diagnosis/facts/request-share.js';
import type { Fix } from '../../source/store/finding.js';
import { duration, plural } from '../../source/terminal/format.js';
import { howText, type SickTarget } from './sick-target.js';
import { THRESHOLDS } from './thresholds.js';

/** One row a target: the share that fails, or how many runs in a row did. */
export function evidenceOf(sick: SickTarget): WeightedEvidence {
  const { view, share } = sick;
  if (share)
    return supports(THRESHOLDS.failedShare, {
      signal: `http.requests{${view.target}}`,
      reading: share.share,
      value: `${countText(share)} failed in ${duration(share.lastAt - share.from)} (${percent(share)}), ${howText(sick)}`,
    });
  return supports(THRESHOLDS.failedRuns, {
    signal: `http.ok{${view.target}}`,
    reading: view.failed,
    value: `${textOf(view)}, ${plural(view.failed, 'run')} in a row`,
  });
}

/** `GET /, GET /todos fail with status 500: 2 of 4 targets`; `GET / fails in 4 of 12 requests, with status 500`. */
export function titleOf(sick: readonly SickTarget[], of: number): string {
  const views = sick.map(({ view }) => view);
  const how = [...new Set(sick.map(howText))].join(' and ');
  const shares = sick.flatMap(({ share }) => share ?? []);
  const verb = sick.length === 1 ? 'fails' : 'fail';
  const each = shares.length === sick.length;
  const title = each
    ? `${names(views)} ${verb} in ${shares.map(countText).join(' and ')}, with ${how}`
    : `${names(views)} ${verb} with ${how}`;
  return of === 1 ? title : `${title}: ${sick.length} of ${plural(of, 'target')}`;
}

/** Of a target that its server lets wait while it answers others. */
export const waitingTitle = (silent: readonly TargetView[], answered: readonly TargetView[]): string =>
  `${names(silent)} ${silent.length === 1 ? 'is' : 'are'} not answered within ${duration(longest(silent))}, while ${names(answered)} of the same address ${answered.length === 1 ? 'is' : 'are'}`;

/** `GET /: status 500, 4 of 12 requests (12 ms)`. */
export function storyOf({ view, share }: SickTarget): string {
  const said = view.sample.failure ? inShort(view) : 'answered well this time';
  return `${view.target}: ${said}${share ? `, ${countText(share)} failed` : ''} (${duration(view.sample.totalMs)})`;
}

/** What to do first: by what its client meets, since the cause stands nowhere else. */
export function fixOf({ view, share }: SickTarget, address: string, container: string | undefined): Fix {
  const { failure, url } = view.sample;
  if (failure?.kind === 'tls')
    return {
      when: 'now',
      text: /expired/.test(failure.short ?? '')
        ? 'renew the certificate, have the server load it, and see why nothing renewed it in time'
        : 'see the certificate that it serves: its dates, its names, its chain',
      command: `openssl s_client -connect ${address} -servername ${splitAddress(address).host} -showcerts </dev/null | openssl x509 -noout -subject -issuer -dates`,
    };
  if (failure?.kind === 'proxy')
    return {
      when: 'now',
      text: 'ask it without the proxy, to see which of the two is at fault',
      command: `curl -sv --noproxy '*' ${quoted(url)}`,
    };
  return {
    when: 'now',
    text: share
      ? 'find the one behind it that fails: each answer by its server, and the log of each at the time of a failure'
      : 'read what serves it at the time of the first failure: its log, then the whole of an answer',
    command: container ? `docker logs --since 10m --tail 50 ${container}` : askBy(url),
  };
}

/** The command that asks as the probe does. */
function askBy(url: string): string {
  if (url.startsWith('tcp:')) return `nc -vz ${url.slice('tcp://'.length).replace(/:(\d+)$/, ' $1')}`;
  return `curl -sv ${url}`;
}

const countText = ({ failed, of }: RequestShare): string => `${failed} of ${plural(of, 'request')}`;
const percent = ({ share }: RequestShare): string => `${Math.round(100 * share)} %`;

const textOf = ({ sample }: TargetView): string =>
  sample.failure?.text ?? (sample.status === null ? 'no answer (000)' : `status ${sample.status}`);

/** Without its explanation: that stands with the evidence. */
const inShort = (view: TargetView): string => textOf(view).split(': ')[0] ?? '';

const longest = (views: readonly TargetView[]): number =>
  Math.max(...views.map(({ sample }) => sample.totalMs));
