import type { Fix } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { listed } from '../../terminal/format.js';
import { splitAddress } from './addresses.js';
import { later, now } from './fixes.js';
import type { StaleCase } from './stale-cases.js';
import { movedOf, stillGiven } from './stale-texts.js';
import { fresh } from './values.js';

/** What to do where something is gone, or has moved, and `who` still asks for it. */
export function staleFixes(history: History, one: StaleCase, who: string): Fix[] {
  const { name, clients, isOwner } = one;
  const moved = movedOf(one);
  const container = clients.find((client) => client !== null);
  const again =
    container === undefined
      ? []
      : [now(`let ${container} look its names up again`, `docker restart ${container}`)];
  return [
    ...(moved
      ? [now(`see that ${moved.name} gives ${listed(moved.to)}`, `getent ahosts ${moved.name}`), ...again]
      : [
          now(
            `see who has which address now; then start ${isOwner ? name : 'what stood there'} again, or take the address out of what ${who} asks`,
            fresh(history.latest.services) === undefined
              ? `ip neigh show ${splitAddress(name).host}`
              : "docker network inspect $(docker network ls -q) --format '{{.Name}}: {{range .Containers}}{{.Name}} {{.IPv4Address}} {{end}}'",
          ),
          ...stillGiven(one).map((given) =>
            now(`give ${given} its new address, where it has one`, `getent ahosts ${given}`),
          ),
          ...again,
        ]),
    later('take a backend out of its balancer before it is removed; look names up again and again'),
  ];
}
