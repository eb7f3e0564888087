import type { History } from '../../store/history.js';
import { duration } from '../../terminal/format.js';
import { splitAddress } from './addresses.js';
import { connections } from './connections.js';
import { database } from './database.js';
import { resolvers } from './dns.js';
import { addressesOf, serviceOf } from './services.js';

/** What others get, or the same ones otherwise, while something fails: the comparison that tells where it sits. */

/** Who else reaches one of the targets, and how quickly, in words: another container, or this host; or undefined. */
export function reachedBy(
  history: History,
  targets: readonly string[],
  sources: readonly string[],
): string | undefined {
  const other = connections(history).find(
    ({ source, target, cell }) =>
      cell.outcome === 'connected' && targets.includes(target) && !sources.includes(source),
  );
  if (other) return `${other.source} connects with ${other.target} in ${duration(other.cell.ms ?? 0)}`;
  return hostAsks(history, targets);
}

function hostAsks(history: History, targets: readonly string[]): string | undefined {
  const asked = database(history);
  if (!asked || asked.failure || asked.selectOneMs === null) return undefined;
  const { port, host } = splitAddress(asked.address);
  const name = targets.find((target) => {
    const service = serviceOf(history, target);
    return (
      service && (service.ports.some((open) => open.port === port) || addressesOf(service).includes(host))
    );
  });
  return name && `this host asks ${name}: SELECT 1 in ${duration(asked.selectOneMs)}`;
}

/** A lookup that one of the containers got answered lately, in words, or undefined. */
export function lookupOf(history: History, containers: readonly string[]): string | undefined {
  const view = resolvers(history).find(
    ({ client, names }) =>
      client !== null && containers.includes(client) && names.some((name) => name.sample.resolved),
  );
  const name = view?.names.find(({ sample }) => sample.resolved);
  return view && name && `${view.client} resolves ${name.name} in ${duration(name.sample.totalMs)}`;
}
