import { gather, supports } from '../../source/diagnosis/evidence.js';
import { isLocal } from '../../source/diagnosis/facts/addresses.js';
import { aroundDatabase } from '../../source/diagnosis/facts/blast-radius.js';
import { bringBackFix } from '../../source/diagnosis/facts/context.js';
import { database } from '../../source/diagnosis/facts/database.js';
import { datastores } from '../../source/diagnosis/facts/datastores.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { type RefusedPort, refusedPorts } from '../../source/diagnosis/facts/refused-ports.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { whoText } from '../../source/diagnosis/facts/services.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { placeOf, workloadPlace } from '../../source/diagnosis/places.js';
import { kindNamed } from '../../source/probes/datastores/kinds.js';
import type { DatastoreKind } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './thresholds.js';

/**
 * Databases that nobody has seen listen, and that clients try to reach in vain: those that were down before anybody
 * looked. Known by their port.
 */
export function refusedDatabases(history: History): Candidate[] {
  const judged = new Set(
    [database(history)?.address ?? [], datastores(history).map(({ address }) => address)].flat().map(placeOf),
  );
  return refusedPorts(history, THRESHOLDS).flatMap((one) =>
    one.kind && !judged.has(placeOf(one.address)) && !livesElsewhere(history, one)
      ? [candidate(history, one, one.kind.kind)]
      : [],
  );
}

/**
 * Whether a container is asked for a database that nobody has ever seen in it, while one of that kind answers in another:
 * then a name, an address or a setting is out of date, and no database is down.
 */
const livesElsewhere = (history: History, { service, kind }: RefusedPort): boolean =>
  service !== undefined &&
  datastores(history).some(
    (one) =>
      one.kind === kind?.kind &&
      one.state === 'alive' &&
      one.workload !== null &&
      one.workload !== service.name,
  );

function candidate(history: History, one: RefusedPort, kind: DatastoreKind): Candidate {
  const { address, service, attempts } = one;
  const { windowMs } = THRESHOLDS.attempts;
  const { title } = kindNamed(kind);
  const clients = whoText(history, one.askers);
  const name = service ? `${title} in ${service.name}` : `${title} at ${address}`;
  const radius = aroundDatabase(history, { address });
  const { targets, any } = failingAt(history, radius);
  return {
    subject: { kind: 'listener', id: address },
    target: `${clients} → ${name}`,
    raise: true,
    title:
      isLocal(address) || service
        ? `${name} is down: nobody listens there, and connections are refused`
        : `${name} lets nobody connect: every attempt is refused`,
    severity: any ? 'critical' : 'warning',
    evidence: gather(
      supports(THRESHOLDS.attempts, {
        signal: 'sockets.edges',
        reading: attempts,
        value: `${plural(attempts, 'attempt')} of ${clients} to connect to ${address} ended without a connection, none with one`,
      }),
      failingRow(targets, THRESHOLDS.failingTargets),
    ),
    ruledOut: [
      { id: 'database-connections', because: 'no connection comes about; a full one answers, and says so' },
    ],
    fix: [bringBackFix(service, address, `start ${title} again`, true)],
    explanation: [`${plural(attempts, 'attempt')} in ${windowMs / 1000} s, and no connection`],
    since: one.since,
    radius,
    seenAt: [service ? workloadPlace(service.name) : placeOf(address)],
  };
}
