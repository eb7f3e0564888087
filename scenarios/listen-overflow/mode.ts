import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundWorkloads, outsideContainers } from '../../source/diagnosis/facts/blast-radius.js';
import { now } from '../../source/diagnosis/facts/fixes.js';
import {
  type FullQueue,
  fullQueues,
  isFull,
  listenDrops,
  listenDropsSignal,
} from '../../source/diagnosis/facts/full-queues.js';
import { queueFixes } from '../../source/diagnosis/facts/queue-fixes.js';
import { fresh, known } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { HOST, HOST_PLACE, placeOf } from '../../source/diagnosis/places.js';
import type { History } from '../../source/store/history.js';
import { perSecond } from '../../source/terminal/format.js';
import { fullUnixSockets } from '../full-unix-sockets.js';
import { THRESHOLDS } from './thresholds.js';

/** A listener's queue is full: clients wait one or three seconds and try again, or give up. */
export const mode = defineMode({
  id: 'listen-overflow',
  called: 'a full listener',
  scope: 'listener',
  inputs: [['sockets', 'kernel', 'inside']],
  symptom: true,
  forMs: 3000,
  keepMs: 20_000,
  minSamples: 1,
  base: 0.5,
  thresholds: THRESHOLDS,
  explains: ['http-errors', 'retransmission'],
  rivals: ['service-stopped', 'packet-loss', 'conntrack-full'],
  detect(history) {
    const rate = listenDrops(history, null, THRESHOLDS);
    const full = fullQueues(history, THRESHOLDS);
    const own = [
      ...full.map((one) => ofListener(history, one)),
      ...fullUnixSockets(history, THRESHOLDS.queue),
    ];
    const named = full.some(({ container }) => container === null);
    return rate === undefined ? own : [...own, ofHost(history, rate, named)];
  },
  clears(history) {
    const rate = listenDrops(history, null, THRESHOLDS);
    const queues = fresh(history.latest.sockets)?.listeners ?? [];
    if ((rate ?? 0) >= THRESHOLDS.dropped.clear || fullQueues(history, THRESHOLDS).length > 0)
      return undefined;
    if (rate !== undefined) return 'no listener of this host drops a connection';
    const [longest] = queues;
    return longest && longest.backlog !== null
      ? `no queue is full, the longest holds ${longest.queued} of ${longest.backlog}`
      : undefined;
  },
});

function ofListener(history: History, full: FullQueue): Candidate {
  const { queue, id, who, service, container, rate, signal } = full;
  const { queued, backlog, port, pressed } = queue;
  const where = `${who} port ${port}`;
  const waiting = `${queued} of ${backlog}`;
  const process = pressed?.process;
  return {
    subject: { kind: 'listener', id },
    target: where,
    raise: true,
    severity: severityOf(rate),
    title: `Listen queue full at ${where}: ${waiting} connections wait`,
    evidence: gather(
      dropRow(rate, signal),
      isFull(queue)
        ? supports(THRESHOLDS.queue, {
            signal: container === null ? 'sockets.listeners' : `inside.listeners{${container}}`,
            reading: queued,
            value: `${waiting} wait on port ${port}`,
            threshold: `${backlog}`,
          })
        : undefined,
    ),
    fix: queueFixes(full),
    explanation: [
      `${queued} connections wait where ${backlog} may`,
      ...(process ? [`${id} is listened on by ${process.name} (process ${process.pid})`] : []),
    ],
    since: sinceOf(history, signal),
    radius: [
      placeOf(id),
      ...(service ? aroundWorkloads(history, [service]) : []),
      ...(container === null ? [HOST_PLACE] : []),
    ],
  };
}

/** What only this host's counter tells; where a listener is named the drops are its. */
function ofHost(history: History, rate: number, named: boolean): Candidate {
  const { raise, clear } = THRESHOLDS.dropped;
  return {
    subject: HOST,
    target: 'a listener of this host',
    raise: rate > raise && !named,
    clear: rate < clear || named,
    severity: severityOf(rate),
    title: `Listen queue overflow on this host: ${perSecond(rate)} connections dropped`,
    evidence: gather(dropRow(rate, listenDropsSignal(null))),
    fix: [
      now(
        'find the listener whose Recv-Q comes up to its Send-Q, and see why it does not accept',
        'ss -ltnp',
      ),
    ],
    explanation: [`${perSecond(rate)} dropped`],
    since: sinceOf(history, listenDropsSignal(null)),
    radius: outsideContainers(history),
  };
}

const dropRow = (rate: number | undefined, signal: string): WeightedEvidence | undefined =>
  rate !== undefined && rate > THRESHOLDS.dropped.raise
    ? supports(THRESHOLDS.dropped, { signal, reading: rate, value: perSecond(rate) })
    : undefined;

const severityOf = (rate: number | undefined): Candidate['severity'] =>
  rate !== undefined && rate > THRESHOLDS.dropped.critical ? 'critical' : 'warning';

const sinceOf = (history: History, signal: string): number | null =>
  known(history, signal, THRESHOLDS.dropped.windowMs).find((point) => point.value > 0)?.at ?? null;
