import type { ConntrackSample } from '../../probes/samples.js';
import type { Subject } from '../../store/finding.js';
import type { History } from '../../store/history.js';
import { HOST } from '../places.js';
import { aroundClients, aroundHost, lookupsOf } from './blast-radius.js';
import { apartFromHost } from './own-networks.js';
import { fresh, largest } from './values.js';

/** The connection tracking of one network: this host's, or a container's own. */
export interface ConntrackTable {
  /** Containers that share the network; null for this host. */
  readonly inside: readonly string[] | null;
  readonly subject: Subject;
  readonly sample: ConntrackSample;
  /** Behind the names of its series: empty for this host. */
  readonly label: string;
  /** Flows dropped a second: a clash of two lookups counts as drop and as insert_failed, only what is left means "full". */
  readonly drops: number;
}

/** Every one that is read. The limit is one figure for the machine, and each network's own count is held against it. */
export function conntrackTables(
  history: History,
  { windowMs }: { readonly windowMs: number },
): ConntrackTable[] {
  const drops = (label: string): number =>
    (largest(history, `conntrack.drop${label}`, windowMs) ?? 0) -
    (largest(history, `conntrack.insertFailed${label}`, windowMs) ?? 0);
  const host = fresh(history.latest.conntrack);
  return [
    ...(host ? [{ inside: null, subject: HOST, sample: host, label: '', drops: drops('') }] : []),
    ...apartFromHost(history).flatMap(({ name, sharedWith, conntrack }): ConntrackTable[] => {
      const label = `{${name}}`;
      const subject: Subject = { kind: 'workload', id: name };
      return conntrack === null
        ? []
        : [{ inside: [name, ...sharedWith], subject, sample: conntrack, label, drops: drops(label) }];
    }),
  ];
}

/** What a full one can cause: a container's to itself and its lookups, the host's to all that passes it. */
export const aroundTable = (history: History, { inside }: ConntrackTable): string[] =>
  inside === null ? aroundHost(history) : [...aroundClients(history, inside), ...lookupsOf(history, inside)];
