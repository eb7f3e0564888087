import type { Fix } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { digAt, hostOf, isLocal } from './addresses.js';
import { bringBackFix } from './context.js';
import { FEWER_LOOKUPS, later, now } from './fixes.js';
import { isGone } from './services.js';
import type { Silence } from './silences.js';
import { fresh } from './values.js';

/**
 * What brings a resolver that answers nobody back, by what stands in the way: a rule, a route, its process, or what is
 * not seen from here. Of one beside which another stands in (`spare`) a frozen process is started anew as well.
 */
function resolverFix({ view, service, refused, noWay, forbidden, spare }: Silence): Fix {
  const { resolver, client, names } = view;
  if (noWay) return forbidden ? filterFix(resolver, client) : routeFix(resolver);
  if (!service) return unseenFix(resolver, client, names[0]?.name ?? '.');
  const start = spare || isGone(service);
  return bringBackFix(
    service,
    resolver,
    `${start ? 'start' : 'restart'} ${service.name}${start ? ' again' : ''}`,
    refused,
  );
}

/** The same with what keeps it from being felt again: a second nameserver; where one stands in, that nobody waits for this one. */
export function deadResolverFixes(silence: Silence): Fix[] {
  const { view, spare } = silence;
  if (spare)
    return [
      resolverFix(silence),
      now(`take ${view.resolver} out of resolv.conf until it answers`),
      later('options timeout:1 attempts:2 in resolv.conf; the default waits 5 s'),
    ];
  return [
    resolverFix(silence),
    later('a second nameserver in resolv.conf, with a short timeout'),
    ...FEWER_LOOKUPS,
  ];
}

/** What is sent to it is dropped before it leaves. */
const filterFix = (resolver: string, client: string | null): Fix =>
  now(
    `take away the rule that drops what is sent to port 53 of ${hostOf(resolver)}`,
    client === null
      ? 'nft list ruleset; iptables -S OUTPUT'
      : `nsenter -t $(docker inspect -f '{{.State.Pid}}' ${client}) -n sh -c 'nft list ruleset; iptables -S OUTPUT'`,
  );

/** Of a resolver whose process is not seen: where it runs, as far as its address says, is where to look. */
function unseenFix(resolver: string, client: string | null, name: string): Fix {
  const host = hostOf(resolver);
  if (isLocal(resolver) && client === null)
    return now(
      `start the resolver at ${resolver} again`,
      "ss -lunp 'sport = :53'; systemctl --failed   # who listens there, and what has ended",
    );
  if (host === DOCKER_RESOLVER && client !== null)
    return now(
      `see what stands between ${client} and Docker's resolver: its rules in there, or the daemon itself`,
      `nsenter -t $(docker inspect -f '{{.State.Pid}}' ${client}) -n sh -c 'nft list ruleset; iptables -t nat -S'; journalctl -u docker -n 50`,
    );
  return now(
    `see whether ${host} lives and answers, or what stands on the way to it: it is no process seen here`,
    `ip route get ${host}; dig +tries=1 +time=5 ${digAt(resolver)}${name}; dig +tcp +tries=1 ${digAt(resolver)}${name}`,
  );
}

/** A nameserver that nothing leads to: the way is mended, not the server. */
const routeFix = (resolver: string): Fix =>
  now(
    `give it a way to ${hostOf(resolver)}, or name another server in resolv.conf`,
    `ip route get ${hostOf(resolver)}   # says which route is missing`,
  );

/** Docker's resolver, as every container on a network with names sees it. */
const DOCKER_RESOLVER = '127.0.0.11';

/** What gives a resolver back a name that it denies. */
export function recordFix(history: History, name: string, resolver: string): Fix {
  const containers = fresh(history.latest.services)?.services.some((one) => one.container);
  return now(
    'restore its record, or start the container that bears the name',
    `dig ${digAt(resolver)}${name} A${containers ? `; docker ps -a --filter name=${name.split('.')[0]}` : ''}`,
  );
}
