import { kindNamed } from '../../probes/datastores/kinds.js';
import type { Datastore } from '../../probes/samples.js';

const WHAT_IT_SAYS: Partial<Record<Datastore['state'], string>> = {
  'not-ready': 'it says something else',
  refused: 'nobody listens',
};

/** Why a database that is not well is not full; empty where it would not say so, or cannot be told. */
export function notFull({ kind, state, frozen }: Datastore): string[] {
  if (frozen) return ['it is stopped, whoever comes'];
  if (state !== 'refused' && !kindNamed(kind).saysWhenFull) return [];
  return [`${WHAT_IT_SAYS[state] ?? 'it says nothing'}; a full one says so itself`];
}

/** What tells a person which limits of its own a broker or a database has, and how far it is from them. */
export function limitsCommand(kind: Datastore['kind'], workload: string | null, port: number): string {
  const inside = workload === null ? '' : `docker exec ${workload} `;
  return kind === 'amqp'
    ? `${inside}rabbitmqctl status   # File Descriptors, Memory, Alarms; list_connections names who is connected`
    : `${inside}mongosh --port ${port} --eval 'db.serverStatus().connections'`;
}
