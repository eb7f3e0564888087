import { defineMode } from '../../source/diagnosis/define-mode.js';
import { gather, supports, type WeightedEvidence } from '../../source/diagnosis/evidence.js';
import { aroundWorkloads, outsideContainers } from '../../source/diagnosis/facts/blast-radius.js';
import { serviceOf } from '../../source/diagnosis/facts/services.js';
import { average, fresh, known } from '../../source/diagnosis/facts/values.js';
import type { Candidate } from '../../source/diagnosis/mode.js';
import { HOST, placeOf } from '../../source/diagnosis/places.js';
import type { Thresholds } from '../../source/diagnosis/threshold.js';
import { joinHostPort } from '../../source/linux/ip-address.js';
import type { ListenQueue } from '../../source/probes/samples.js';
import type { History } from '../../source/store/history.js';
import { perSecond } from '../../source/terminal/format.js';

const OVERFLOWS = 'kernel.TcpExt.ListenOverflows';

const THRESHOLDS = {
  dropped: {
    unit: '/s',
    raise: 1,
    clear: 0.2,
    critical: 5,
    windowMs: 20_000,
    weight: 0.25,
    reads: '1 /s, clears at 0.2 /s, 5 /s is critical',
    source: 'Netdata 1m_tcp_accept_queue_overflows: 1/s, 5/s',
  },
  queue: {
    unit: 'connections',
    weight: 0.2,
    reads: 'more than the backlog it was given',
    source: 'ss(8): full when Recv-Q exceeds Send-Q of a LISTEN socket',
  },
  fillWhileDropping: {
    unit: 'share',
    value: 0.5,
    source: 'our choice: while this host drops connections, a queue that is more than half full is the one',
  },
} as const satisfies Thresholds;

/** A listener's queue is full: clients wait one or three seconds and try again, or give up. */
export const mode = defineMode({
  id: 'listen-overflow',
  called: 'a full listener',
  scope: 'listener',
  inputs: [['sockets', 'kernel']],
  forMs: 5000,
  keepMs: 20_000,
  minSamples: 1,
  base: 0.5,
  thresholds: THRESHOLDS,
  explains: ['http-errors'],
  rivals: ['service-stopped', 'packet-loss', 'conntrack-full'],
  detect(history) {
    const rate = dropsOf(history);
    const full = fullQueues(history, rate);
    const own = full.map((queue) => ofListener(history, queue, rate));
    return rate === undefined ? own : [...own, ofHost(history, rate, full.length > 0)];
  },
  clears(history) {
    const rate = dropsOf(history);
    const queues = fresh(history.latest.sockets)?.listeners ?? [];
    if ((rate ?? 0) >= THRESHOLDS.dropped.clear || queues.some(isFull)) return undefined;
    if (rate !== undefined) return 'no listener of this host drops a connection';
    const [longest] = queues;
    return longest && longest.backlog !== null
      ? `no queue is full, the longest holds ${longest.queued} of ${longest.backlog}`
      : undefined;
  },
});

/** Connections that full listeners of this host drop a second, mean of the window; undefined when not read. */
const dropsOf = (history: History): number | undefined =>
  average(history, OVERFLOWS, THRESHOLDS.dropped.windowMs);

const isFull = ({ queued, backlog }: ListenQueue): boolean =>
  backlog !== null && backlog > 0 && queued > backlog;

/** The queues that are full, and those that must be: a counter is read at another moment than the queues. */
function fullQueues(history: History, rate: number | undefined): ListenQueue[] {
  const dropping = rate !== undefined && rate > THRESHOLDS.dropped.raise;
  const most = (queue: ListenQueue): boolean =>
    queue.backlog !== null &&
    queue.backlog > 0 &&
    queue.queued > THRESHOLDS.fillWhileDropping.value * queue.backlog;
  const queues = fresh(history.latest.sockets)?.listeners ?? [];
  return queues.filter((queue) => isFull(queue) || (dropping && most(queue)));
}

function ofListener(history: History, queue: ListenQueue, rate: number | undefined): Candidate {
  const { address, port, queued, backlog } = queue;
  const id = joinHostPort(address, port);
  const service = queue.service === null ? undefined : serviceOf(history, queue.service);
  const where = `${queue.service ?? address} port ${port}`;
  const waiting = `${queued} of ${backlog}`;
  return {
    ...common(history, rate),
    subject: { kind: 'listener', id },
    target: where,
    raise: true,
    title: `Listen queue full at ${where}: ${waiting} connections wait`,
    evidence: gather(
      dropRow(rate),
      isFull(queue)
        ? supports(THRESHOLDS.queue, {
            signal: 'sockets.listeners',
            reading: queued,
            value: `${waiting} wait on port ${port}`,
            threshold: `${backlog}`,
          })
        : undefined,
    ),
    explanation: [`${queued} connections wait where ${backlog} may`],
    radius: [placeOf(id), ...(service ? aroundWorkloads(history, [service]) : [])],
  };
}

/** What only this host's counter tells; where a listener is named the drops are its. */
function ofHost(history: History, rate: number, named: boolean): Candidate {
  const { raise, clear } = THRESHOLDS.dropped;
  return {
    ...common(history, rate),
    subject: HOST,
    target: 'a listener of this host',
    raise: rate > raise && !named,
    clear: rate < clear || named,
    title: `Listen queue overflow on this host: ${perSecond(rate)} connections dropped`,
    evidence: gather(dropRow(rate)),
    explanation: [`${perSecond(rate)} dropped`],
    radius: outsideContainers(history),
  };
}

const dropRow = (rate: number | undefined): WeightedEvidence | undefined =>
  rate !== undefined && rate > THRESHOLDS.dropped.raise
    ? supports(THRESHOLDS.dropped, { signal: OVERFLOWS, reading: rate, value: perSecond(rate) })
    : undefined;

const common = (
  history: History,
  rate: number | undefined,
): Pick<Candidate, 'severity' | 'fix' | 'since'> => ({
  severity: rate !== undefined && rate > THRESHOLDS.dropped.critical ? 'critical' : 'warning',
  fix: [
    { when: 'now', text: 'see why the service does not accept: it is stuck, or has too few workers' },
    {
      when: 'later',
      text: 'a longer queue, once the service keeps up',
      command: 'sysctl -w net.core.somaxconn=4096   # and the backlog the service asks for',
    },
  ],
  since: known(history, OVERFLOWS, THRESHOLDS.dropped.windowMs).find((point) => point.value > 0)?.at ?? null,
});
