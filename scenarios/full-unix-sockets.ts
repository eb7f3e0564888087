import { supports } from '../source/diagnosis/evidence.js';
import { later } from '../source/diagnosis/facts/fixes.js';
import { isFull } from '../source/diagnosis/facts/full-queues.js';
import { withUnit } from '../source/diagnosis/facts/units.js';
import {
  aroundUnix,
  lookAtUnixFix,
  type PlacedQueue,
  unixAddress,
  unixQueues,
  unixServer,
  unixWaiter,
} from '../source/diagnosis/facts/unix-sockets.js';
import type { Candidate } from '../source/diagnosis/mode.js';
import type { Threshold } from '../source/diagnosis/threshold.js';
import type { History } from '../source/store/history.js';

/** Unix sockets whose queue is full: connect(2) then fails at once (EAGAIN), and no counter tells. */
export const fullUnixSockets = (history: History, queue: Threshold): Candidate[] =>
  unixQueues(history)
    .filter(isFull)
    .map((one) => candidate(history, one, queue));

function candidate(history: History, one: PlacedQueue, queue: Threshold): Candidate {
  const id = unixAddress(one);
  const waiting = `${one.queued} of ${one.backlog}`;
  return {
    subject: { kind: 'listener', id },
    target: unixServer(one),
    raise: true,
    severity: 'critical',
    title: `Listen queue full at ${id}${one.process ? ` (${withUnit(one.process)})` : ''}: ${waiting} connections wait`,
    evidence: [
      supports(queue, {
        signal: `sockets.unix{${id}}`,
        reading: one.queued,
        value: `${waiting} wait at ${one.path}`,
        threshold: `${one.backlog}`,
      }),
    ],
    fix: [
      lookAtUnixFix(one),
      later('a longer queue, once it keeps up: listen() asks for one, net.core.somaxconn limits it'),
    ],
    explanation: [
      `${one.queued} connections wait where ${one.backlog} may`,
      `${unixWaiter(one) ?? 'whoever'} that connects now is refused at once: Resource temporarily unavailable`,
    ],
    since: null,
    radius: aroundUnix(history, one),
  };
}
