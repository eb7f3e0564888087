import { gather, supports } from '../../source/diagnosis/evidence.js';
import {
  aroundListener,
  aroundWorkloads,
  outsideContainers,
} from '../../source/diagnosis/facts/blast-radius.js';
import { failingAt } from '../../source/diagnosis/facts/failing-at.js';
import { later, now } from '../../source/diagnosis/facts/fixes.js';
import { type RefusedPort, refusedPorts } from '../../source/diagnosis/facts/refused-ports.js';
import { failingRow } from '../../source/diagnosis/facts/rows.js';
import { serviceOf } from '../../source/diagnosis/facts/services.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { placeOf } from '../../source/diagnosis/places.js';
import type { History } from '../../source/store/history.js';
import { duration, plural } from '../../source/terminal/format.js';
import { THRESHOLDS } from './evidence.js';

/**
 * Ports that others ask for in vain and no target leads to: who listened there has ended, on the host or in a container
 * that runs. Databases are judged as what they are.
 */
export function refusedCandidates(history: History, told: readonly string[]): Candidate[] {
  const places = told.map(placeOf);
  const isTold = (address: string): boolean => places.includes(placeOf(address));
  return refusedPorts(history, THRESHOLDS)
    .filter(({ kind, seen, address }) => kind === undefined && seen && !isTold(address))
    .map((one) => candidate(history, one));
}

function candidate(history: History, one: RefusedPort): Candidate {
  const { address, port, service, askers, workloads, attempts } = one;
  const who = askers.slice(0, 3).join(', ');
  const clients = workloads.flatMap((name) => serviceOf(history, name) ?? []);
  const radius = [
    ...aroundListener(history, address),
    ...aroundWorkloads(history, [...clients, ...(service ? [service] : [])]),
    ...(service ? [] : outsideContainers(history)),
  ];
  const { targets, any } = failingAt(history, radius);
  return {
    subject: { kind: 'listener', id: address },
    target: `${who} → ${service ? `${service.name} (${address})` : address}`,
    raise: true,
    title: `Nothing listens at ${address}${service ? ` in ${service.name}, which runs` : ''}: ${who} asks for it in vain`,
    severity: any ? 'critical' : 'warning',
    evidence: gather(
      supports(THRESHOLDS.attempts, {
        signal: 'sockets.edges',
        reading: attempts,
        value: `${plural(attempts, 'attempt')} to connect in ${duration(THRESHOLDS.attempts.windowMs)}, none came about`,
      }),
      supports(THRESHOLDS.listener, { signal: 'sockets.LISTEN', value: `no listener on port ${port}` }),
      failingRow(targets, THRESHOLDS.failingUsers),
    ),
    ruledOut: [{ id: 'service-hung', because: 'refused at once, not left waiting' }],
    fix: [
      service
        ? now(
            `see what ${service.name} says of it, and what runs in it`,
            `docker logs --tail 50 ${service.name}; docker top ${service.name}`,
          )
        : now(`start what served port ${port} again`, 'systemctl --failed   # what has ended; start that'),
      later('a supervisor that restarts it (systemd Restart=on-failure)'),
    ],
    explanation: [
      `${who}: ${plural(attempts, 'connection')} to ${address} refused, and nobody listens there`,
    ],
    since: one.since,
    radius,
  };
}
