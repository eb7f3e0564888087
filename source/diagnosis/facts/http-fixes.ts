import type { Fix } from '../../store/finding.js';
import { askCommand, now, quoted } from './fixes.js';
import type { SickTarget } from './sick-targets.js';
import { tlsFix } from './tls-fixes.js';

/** What to do first about a target that fails, by what its client meets, where nothing else is known to be the cause. */
export function targetFix({ view, share }: SickTarget, address: string, container: string | undefined): Fix {
  const { failure, url } = view.sample;
  if (failure?.kind === 'tls' || failure?.phase === 'tls') return tlsFix(failure, address, url);
  if (failure?.short === 'TLS where http:// was asked')
    return now(
      'ask it by https://, or have it served in the clear at this port',
      `curl -sv ${quoted(url.replace(/^http:/, 'https:'))}`,
    );
  if (failure?.kind === 'redirect')
    return now(
      'see each step of the redirect, and mend the one that leads back or to what fails: its Location, or the scheme that a proxy passes on (X-Forwarded-Proto)',
      `curl -sSiL --max-redirs 10 -o - ${quoted(url)} | grep -aiE '^(HTTP/|location:)'`,
    );
  if (failure?.kind === 'proxy')
    return now(
      'ask it without the proxy, to see which of the two is at fault',
      `curl -sv --noproxy '*' ${quoted(url)}`,
    );
  return now(
    share
      ? 'find the one behind it that fails: each answer by its server, and the log of each at the time of a failure'
      : 'read what serves it at the time of the first failure: its log, then the whole of an answer',
    container ? `docker logs --since 10m --tail 50 ${container}` : askCommand(url),
  );
}
