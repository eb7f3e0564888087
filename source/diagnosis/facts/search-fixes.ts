import type { Fix } from '../../store/finding.js';
import { later, now } from './fixes.js';
import type { SearchList } from './search-lists.js';

/** What ends the needless questions of a search list: at the name, at the client, at the list. */
export function searchFixes({ names: [{ name, view, cost }], suffixes }: SearchList): Fix[] {
  const dotted = `${cost.given.qname}.`;
  return [
    ...(cost.given.qname === name.name
      ? [now(`write the name with a dot at its end where it is configured (${dotted}): no suffix is tried`)]
      : [now(`write the whole name where it is configured: ${dotted}`)]),
    now(
      `options ndots:1 in ${view.client === null ? '/etc/resolv.conf' : `the resolv.conf of ${view.client} (docker run --dns-opt ndots:1; compose: dns_opt; Kubernetes: dnsConfig)`}`,
    ),
    later(
      suffixes.length > 0
        ? `take out of the search list what nobody needs (${suffixes.slice(0, 3).join(', ')}), or let the resolver deny it by itself (a local zone)`
        : 'put the suffix that gives the name first in the search list',
    ),
    later('cache answers near the application, denials too (RFC 2308)'),
  ];
}
