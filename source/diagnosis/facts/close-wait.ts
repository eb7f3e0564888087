import type { CloseWaitHolder } from '../../probes/samples.js';
import { closeWaitSignal } from '../../probes/sockets/close-wait-series.js';
import type { History } from '../../store/history.js';
import { networksInside } from './inside.js';
import { withUnit } from './units.js';
import { fresh } from './values.js';

/** Who holds connections that their peers have closed, with the name it goes by. */
export interface NamedHolder extends CloseWaitHolder {
  /** The container in whose network they are; null for the host's. */
  readonly container: string | null;
  /** Container or workload; null for a process of the host that is none. */
  readonly name: string | null;
  /** Its own place among findings: two processes of one container are two. */
  readonly id: string;
  /** For a person. */
  readonly who: string;
  readonly signal: string;
  /** Part of its connections there that wait to be closed, 0 to 1. */
  readonly share: number;
}

/** All of them, of this host and of its containers; the network of several containers is told once. */
export function closeWaitHolders(history: History): NamedHolder[] {
  const own = (fresh(history.latest.sockets)?.closeWait ?? []).map((one) => holder(one, null));
  const inside = networksInside(history).flatMap(({ name, sockets }) =>
    (sockets?.closeWait ?? []).map((one, i) => holder(one, name, i > 0)),
  );
  const known = new Set(own.flatMap(({ process }) => process?.pid ?? []));
  return [...own, ...inside.filter(({ process }) => process === null || !known.has(process.pid))];
}

function holder(one: CloseWaitHolder, container: string | null, another = false): NamedHolder {
  const { service, process, count, open } = one;
  const name = container ?? service;
  const own = process?.name ?? 'an application of this host';
  return {
    ...one,
    ...{ container, name, signal: closeWaitSignal(one, container) },
    id:
      name === null || another
        ? [name, `${own} ${process?.pid ?? ''}`.trim()].filter(Boolean).join('/')
        : name,
    who: name === null ? (process ? withUnit(process) : own) : another ? `${own} in ${name}` : name,
    share: count / Math.max(1, count + open),
  };
}
